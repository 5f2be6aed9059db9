import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { becomesReady, openFaultSite } from "./fault-site.ts";
import { each, give, giveLimited, judgedAtEnd } from "./judged.ts";

/** One worker, with a run of another lane that lives through whatever happens to its neighbour. */
async function neighbours() {
  const site = await openFaultSite();
  const worker = await site.worker({ lanes: "fast_lane:1 *:1" });
  const beside = await give(site, ["beside"], "wait(3000);", { queue: "fast_lane" });
  await site.witness.executing("beside");
  return {
    ...{ site, worker },
    /** The run beside it ends well, the next of the same lane too, and the worker still works. */
    holds: async (): Promise<void> => {
      const runs = { ...beside, ...(await give(site, ["next 1", "next 2"])) };
      expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
      await becomesReady(worker);
    },
  };
}

test.concurrent.for(["SIGKILL", "SIGSEGV", "SIGTERM", "SIGABRT"] as const)(
  "fault 20: a run whose process is ended by %s is reported as a crash; the next run works",
  async (signal, { onTestFinished }) => {
    const { site, holds } = await neighbours();
    onTestFinished(site.close);
    const runs = await give(site, ["struck"], "wait(600000);");
    process.kill(await site.witness.executing("struck"), signal);
    expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "crash ExitError"));
    await holds();
  },
);

test.concurrent("fault 20: spare processes that are killed while they wait are replaced; the next runs work", async ({
  onTestFinished,
}) => {
  const { site, worker, holds } = await neighbours();
  onTestFinished(site.close);
  const busy = await site.witness.executing("beside");
  const spares = childrenOf(worker.pid).filter((pid) => pid !== busy);
  expect(spares.length).toBeGreaterThan(0);
  for (const pid of spares) process.kill(pid, "SIGKILL");
  await holds();
});

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}

test.concurrent("fault 21: a run whose process has no heap left is reported as a kill, OOMError; the others live", async ({
  onTestFinished,
}) => {
  const { site, holds } = await neighbours();
  onTestFinished(site.close);
  const runs = await giveLimited(site, "struck", "fillHeap();", { run_memory_limit_mb: 100 });
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "kill OOMError"));
  await holds();
});

test.concurrent("fault 23: a run that blocks its event loop is ended by its timeout", async ({
  onTestFinished,
}) => {
  const { site, holds } = await neighbours();
  onTestFinished(site.close);
  const runs = await giveLimited(site, "struck", "block();", { run_timeout_ms: 6_000 });
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "kill TimeoutError"));
  await holds();
});

test.concurrent("fault 23: a run whose process is stopped by SIGSTOP is ended by its timeout", async ({
  onTestFinished,
}) => {
  const { site, holds } = await neighbours();
  onTestFinished(site.close);
  const runs = await giveLimited(site, "struck", "wait(600000);", { run_timeout_ms: 10_000 });
  process.kill(await site.witness.executing("struck"), "SIGSTOP");
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "kill TimeoutError"));
  await holds();
});

test.concurrent("fault 20: a run whose process is stopped for a moment and goes on ends well", async ({
  onTestFinished,
}) => {
  const { site, holds } = await neighbours();
  onTestFinished(site.close);
  const runs = await give(site, ["stopped"], "wait(300);");
  const pid = await site.witness.executing("stopped");
  process.kill(pid, "SIGSTOP");
  const meanwhile = await give(site, ["meanwhile"], "", { queue: "fast_lane" });
  expect(await judgedAtEnd(site, meanwhile)).toEqual(each(meanwhile, "success"));
  expect(readFileSync(`/proc/${pid}/stat`, "utf8")).toMatch(/\) T /);
  expect((await site.run(runs["stopped"] ?? "")).ends).toEqual([]);
  process.kill(pid, "SIGCONT");
  expect(await judgedAtEnd(site, runs)).toEqual(each(runs, "success"));
  await holds();
});
