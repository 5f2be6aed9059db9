import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { type FaultSite, openFaultSite } from "./fault-site.ts";
import { each, give, judgedAtEnd, type Runs } from "./judged.ts";

/** A control group of a test's own, with a limit of memory that whoever is put into it shares. */
interface OuterGroup {
  readonly procs: string;
  readonly remove: () => Promise<void>;
}

let made = 0;

/** `undefined` where this machine lets us make none. */
function outerGroup(limitMb: number): OuterGroup | undefined {
  made += 1;
  const name = `workloops-faults-${process.pid}-${made}`;
  for (const [root, limit] of [
    ["/sys/fs/cgroup/memory", "memory.limit_in_bytes"],
    ["/sys/fs/cgroup", "memory.max"],
  ] as const) {
    const folder = join(root, name);
    try {
      mkdirSync(folder);
      writeFileSync(join(folder, limit), String(limitMb * 1024 * 1024));
      return { procs: join(folder, "cgroup.procs"), remove: () => remove(folder) };
    } catch {
      // Not writable, of the other version, or without memory control.
      tryRemove(folder);
    }
  }
  return undefined;
}

/** The last process of a group leaves it a moment after its end was told. */
async function remove(folder: string): Promise<void> {
  for (let left = 100; left > 0 && !tryRemove(folder); left -= 1) await setTimeout(50);
}

/** With the groups in it that a killed worker has left. */
function tryRemove(folder: string): boolean {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) rmdirSync(join(folder, entry.name));
    }
    rmdirSync(folder);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}

const probe = outerGroup(1_000);
await probe?.remove();
const canLimit = probe !== undefined;

async function crashesForMemory(site: FaultSite, runs: Runs): Promise<void> {
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "crash ExitError"));
  for (const id of Object.values(runs)) {
    expect((await site.run(id)).error_message).toMatch(/memory/);
  }
  const next = await give(site, ["next 1", "next 2"]);
  expect(await judgedAtEnd(site, next)).toEqual(each(next, "success"));
}

test
  .skipIf(!canLimit)
  .concurrent(
    "fault 22: a run whose process the kernel ends at the limit of the worker's control group, within the run's own, is reported as a crash that says memory; the next runs work",
    async ({ onTestFinished }) => {
      const site = await openFaultSite();
      const group = outerGroup(350);
      onTestFinished(async () => {
        await site.close();
        await group?.remove();
      });
      const script = 'echo $$ > "$0" && exec "$@"';
      const under = ["/bin/sh", "-c", script, group?.procs ?? ""];
      const worker = await site.worker({ lanes: "*:2", under });
      expect(readFileSync(group?.procs ?? "", "utf8").split("\n")).toContain(String(worker.pid));
      const runs = await give(site, ["struck"], "fillMemory(500);");
      await crashesForMemory(site, runs);
      expect((await site.run(runs["struck"] ?? "")).error_message).toMatch(/ended by the kernel/);
    },
  );

test
  .skipIf(!canLimit)
  .concurrent(
    "fault 22: a run whose process is put into a control group of others and ended at its limit is reported as a crash that says memory; the next runs work",
    async ({ onTestFinished }) => {
      const site = await openFaultSite();
      const group = outerGroup(120);
      onTestFinished(async () => {
        await site.close();
        await group?.remove();
      });
      await site.worker({ lanes: "*:2" });
      const runs = await give(site, ["struck"], "wait(1500); fillMemory(300);");
      writeFileSync(group?.procs ?? "", String(await site.witness.executing("struck")));
      await crashesForMemory(site, runs);
    },
  );

test.concurrent("fault 22: SIGKILL from the test, the stand-in where no control group can be made: a crash that says memory; the next runs work", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  await site.worker({ lanes: "*:2" });
  const runs = await give(site, ["struck"], "wait(600000);");
  process.kill(await site.witness.executing("struck"), "SIGKILL");
  await crashesForMemory(site, runs);
});
