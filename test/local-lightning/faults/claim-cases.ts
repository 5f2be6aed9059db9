import { decodeJwt } from "jose";
import { expect } from "vitest";
import { type Claimed, claimRuns } from "../work.ts";
import {
  answersTo,
  type Case,
  claim,
  orderOfReplies,
  type Scene,
  stateOf,
  unanswered,
} from "./scene.ts";

const cutBefore: Case = async ({ desk, worker, runId }, kind) => {
  await desk.fault({ kind });
  void worker.push("worker:queue", "claim", claim);
  expect(await worker.closed).toBe(1006);
  expect(stateOf(desk, runId)).toBe("available");
};

async function grantedWith(scene: Scene, token: string): Promise<Claimed> {
  await scene.desk.fault({ kind: "claim-bad-tokens", token });
  const [run] = await claimRuns(scene.worker);
  if (run === undefined) throw new Error("nothing to claim");
  return run;
}

/** Claiming. */
export const claimCases: Readonly<Record<string, Case>> = {
  "claim-lost": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind });
    expect(await unanswered(worker, "worker:queue", "claim", claim)).toBe(true);
    expect(stateOf(desk, runId)).toBe("available");
  },
  "claim-reply-lost": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind });
    expect(await unanswered(worker, "worker:queue", "claim", claim)).toBe(true);
    expect(stateOf(desk, runId)).toBe("claimed");
    expect(desk.ledger.counts.grantsLost).toBe(1);
  },
  "claim-reply-late": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind, ms: 5 });
    const late = claimRuns(worker);
    const order = orderOfReplies(worker, () => [late]);
    const claimed = worker.frame(({ topic }) => topic === "phoenix");
    await claimed.then(() => expect(stateOf(desk, runId)).toBe("claimed"));
    expect(await order).toEqual(["phoenix", "worker"]);
    expect(await late).toHaveLength(1);
  },
  "claim-stalled": async ({ desk, worker }, kind) => {
    await desk.fault({ kind, ms: 5 });
    const [stalled, behind] = [claimRuns(worker), claimRuns(worker)];
    const order = await orderOfReplies(worker, () => [stalled, behind]);
    expect(order).toEqual(["phoenix", "worker", "worker"]);
    expect([(await stalled).length, (await behind).length]).toEqual([1, 0]);
  },
  "claim-reply-twice": async ({ desk, worker }, kind) => {
    await desk.fault({ kind });
    const [first, second, ...more] = await answersTo(worker, "worker:queue", "claim", claim);
    expect(first).toEqual(second);
    expect(more).toEqual([]);
  },
  "claim-error": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind, chain: "fast_lane" });
    const strict = { ...claim, queues: ["fast_lane"] };
    expect((await worker.push("worker:queue", "claim", strict)).status).toBe("error");
    // It was for that chain only.
    expect((await claimRuns(worker)).map(({ id }) => id)).toEqual([runId]);
  },
  "claim-crash": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind });
    void worker.push("worker:queue", "claim", claim);
    await worker.frame(({ event }) => event === "phx_error");
    expect(stateOf(desk, runId)).toBe("available");
  },
  "claim-answer": async ({ desk, worker }, kind) => {
    const response = { runs: [{ id: 1, token: null }, "x"] };
    await desk.fault({ kind, response });
    const answer = await worker.push("worker:queue", "claim", claim);
    expect(answer).toEqual({ status: "ok", response });
  },
  "claim-surplus": async ({ desk, worker }, kind) => {
    for (let count = 0; count < 3; count += 1) await desk.run();
    await desk.fault({ kind, count: 2 });
    expect(await claimRuns(worker)).toHaveLength(3);
  },
  "claim-dropped-before": cutBefore,
  "claim-dropped-after": async ({ desk, worker, runId }, kind) => {
    await desk.fault({ kind });
    void worker.push("worker:queue", "claim", claim);
    expect(await worker.closed).toBe(1006);
    expect(stateOf(desk, runId)).toBe("claimed");
    expect(desk.ledger.counts.grantsLost).toBe(1);
  },
  "claim-bad-tokens": async (scene) => {
    const { desk, worker, runId } = scene;
    for (const token of ["foreign", "expired", "malformed", "forged"]) {
      const run = await grantedWith(scene, token);
      if (token === "foreign") expect(decodeJwt(run.token)["id"]).not.toBe(runId);
      if (token === "expired") expect(decodeJwt(run.token).exp).toBeLessThan(Date.now() / 1000);
      expect((await worker.join(`run:${run.id}`, { token: run.token })).status).toBe("error");
      await desk.run();
    }
  },
  "claim-with-wake-up": async ({ desk, worker }, kind) => {
    await desk.fault({ kind });
    const frames = await answersTo(worker, "worker:queue", "claim", claim);
    expect(frames.map(({ event }) => event)).toEqual(["phx_reply", "work-available"]);
  },
};
