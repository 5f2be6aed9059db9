import { spawnSync } from "node:child_process";
import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openFaultSite } from "../fault-site.ts";
import { each, give, judgedAtEnd } from "../judged.ts";

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
