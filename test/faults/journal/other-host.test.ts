import { spawnSync } from "node:child_process";
import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openFaultSite } from "../fault-site.ts";
import { each, give, judged, judgedAtEnd } from "../judged.ts";
import { answerOfRun, gate, ofRun, strike, watch } from "../watch.ts";

/** A program that starts another one as if on a machine of this name. */
const elsewhere = [
  "unshare",
  "--uts",
  "sh",
  "-c",
  'hostname elsewhere && exec "$@"',
  "sh",
] as const;

const [unshare, ...rest] = elsewhere;
const hasHosts = spawnSync(unshare, [...rest, "true"]).status === 0;

test.runIf(!hasHosts)("NOT SHOWN HERE: this user may not have a second host name", () => {
  expect(hasHosts).toBe(false);
});

test.runIf(hasHosts)(
  "fault 17: killed on another host: the worker that runs already ends what it held as soon as it counts as dead",
  async () => {
    const site = await openFaultSite();
    onTestFinished(site.close);
    const stateDir = join(site.folder, "shared");
    const killed = await site.worker({ stateDir, under: elsewhere });
    const held = await give(site, ["held"], "wait(600000);");
    await site.witness.executing("held");
    killed.signal("SIGKILL");
    await killed.ended;
    const next = await site.worker({ stateDir });
    // Its last sign of life is a few seconds old: the pod that follows it cannot know better.
    expect(next.printed()).not.toContain("an earlier worker");
    expect(readdirSync(stateDir)).toContain("journal-2.lock");
    const longAgo = new Date(Date.now() - 36_000);
    utimesSync(join(stateDir, "journal.lock"), longAgo, longAgo);
    await next.said(/a worker that died left 1 runs: they are ended now/);
    expect(await judgedAtEnd(site, held)).toEqual(each(held, "crash WorkerDied"));
    expect(readdirSync(stateDir).sort()).toEqual(["journal-2", "journal-2.lock"]);
  },
);

test.runIf(hasHosts)(
  "fault 25: suspended on another host until it counts as dead: the run that it had not started is executed by the worker that took it over, once",
  async () => {
    const site = await openFaultSite();
    onTestFinished(site.close);
    const stateDir = join(site.folder, "shared");
    const asleep = await site.worker({ stateDir, under: elsewhere });
    const seen = watch(site.proxy);
    const { until, release } = gate();
    strike(site.proxy, answerOfRun("fetch:plan"), { until });
    const runs = await give(site, ["claimed"]);
    await seen.saw(ofRun("fetch:plan"));
    asleep.signal("SIGSTOP");
    await site.worker({ stateDir });
    const longAgo = new Date(Date.now() - 36_000);
    utimesSync(join(stateDir, "journal.lock"), longAgo, longAgo);
    expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
    // It wakes up with the answer that lets it begin.
    asleep.signal("SIGCONT");
    release();
    await asleep.said(/another one has taken over what it held: it ends/);
    await asleep.ended;
    expect(await judged(site, runs)).toEqual(each(runs, "success"));
  },
);
