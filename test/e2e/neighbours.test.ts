import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "@workloops/engine";
import { afterAll, describe, expect, it } from "vitest";
import { engineForTests, execute, fn, oneStep, type Said } from "../engine/execute.ts";
import { hostileJobs, writeHostileAdaptor } from "./neighbour-jobs.ts";

const repoDir = mkdtempSync(join(tmpdir(), "workloops-test-repo-"));
afterAll(() => rmSync(repoDir, { recursive: true, force: true }));
writeHostileAdaptor(repoDir);

const good = oneStep(
  `${fn}fn((s) => { console.log("mine"); return { ...s, ok: s.data.n * 2 }; });`,
);

/** Five good runs at once: what each said of itself, without the times. */
async function fiveGoodRuns(engine: Engine): Promise<readonly unknown[]> {
  const runs = [1, 2, 3, 4, 5].map((n) => execute(engine, good, JSON.stringify({ data: { n } })));
  return (await Promise.all(runs)).map(told);
}

function told({ events, end }: Said): unknown {
  return {
    kinds: events.map((event) => (event.type === "log" ? `log ${event.source}` : event.type)),
    finalState: end.type === "workflow-complete" ? end.finalState : end.error,
  };
}

const timeoutMs = 4_000;

describe("five good runs beside a hostile one", async () => {
  const engine = await engineForTests({ repoDir, memoryLimitMb: 100 });
  const alone = await fiveGoodRuns(engine);

  it.each(hostileJobs)("%s", async (_name, plan, type) => {
    const hostileRun = execute(engine, plan, "{}", { timeoutMs });
    const beside = await fiveGoodRuns(engine);
    const { end } = await hostileRun;
    expect(beside).toEqual(alone);
    expect("error" in end ? end.error?.type : undefined).toBe(type);
  });
});
