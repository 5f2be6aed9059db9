import type { Answer, LightningPort, PortWorker, RunSpec } from "../lightning-port.ts";
import { runsOf } from "./claims.ts";

export const step = "11111111-1111-4111-8111-111111111111";
export const other = "22222222-2222-4222-8222-222222222222";
export const clip = "33333333-3333-4333-8333-333333333333";
export const stamp = "1790000000000001";

/** A claimed run and the worker that has joined its channel. */
export interface Situation {
  readonly lightning: LightningPort;
  readonly worker: PortWorker;
  readonly runId: string;
  readonly token: string;
  readonly say: (event: string, payload: unknown) => Promise<Answer>;
}

/** A run that went as far as `until`: claimed, then started, then with `step` of `job` begun. */
export async function reach(
  start: () => Promise<LightningPort>,
  until: "claimed" | "started" | "stepped",
  spec: RunSpec = {},
): Promise<Situation> {
  const lightning = await start();
  const runId = await lightning.addRun(spec);
  const worker = await lightning.worker("w");
  await worker.joinQueue({ capacity: 5, queues: { "*": 5 } });
  const [run] = runsOf(await worker.claim({ demand: 1, worker_name: "n", queues: ["*"] }));
  if (run === undefined) throw new Error("nothing to claim");
  await worker.joinRun(runId, { token: run.token });
  const say = (event: string, payload: unknown) => worker.event(runId, event, payload);
  if (until !== "claimed") await say("run:start", { timestamp: stamp });
  if (until === "stepped") await say("step:start", { step_id: step, job_id: "job" });
  return { lightning, worker, runId, token: run.token, say };
}
