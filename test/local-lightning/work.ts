import { randomUUID } from "node:crypto";
import type { Client } from "./client.ts";

export interface Claimed {
  readonly id: string;
  readonly token: string;
}

/** The runs of one claim over a client that has joined `worker:queue`. */
export async function claimRuns(
  client: Client,
  {
    demand = 1,
    queues = ["*"],
    name = "desk",
  }: { demand?: number; queues?: string[]; name?: string } = {},
): Promise<readonly Claimed[]> {
  const payload = { demand, worker_name: name, queues };
  const { response } = await client.push("worker:queue", "claim", payload);
  return (response as { runs: Claimed[] }).runs;
}

/** Claims one run, joins its channel and says its topic. */
export async function takeRun(client: Client, queues?: string[]): Promise<string> {
  const [run] = await claimRuns(client, queues === undefined ? {} : { queues });
  if (run === undefined) throw new Error("nothing to claim");
  const topic = `run:${run.id}`;
  await client.join(topic, { token: run.token });
  return topic;
}

export interface Telling {
  readonly logs?: readonly unknown[];
  readonly output?: object;
  readonly reason?: string;
  readonly webhookResponse?: unknown;
}

/** Tells of a run of one step from its start to its end, as a good worker does. */
export async function tellRun(client: Client, topic: string, telling: Telling = {}): Promise<void> {
  const { logs = [], output = {}, reason = "success", webhookResponse } = telling;
  const plan = await client.push(topic, "fetch:plan", {});
  const { jobs } = plan.response as { jobs: { id: string }[] };
  const timestamp = "1790000000000001";
  const [stepId, dataclipId] = [randomUUID(), randomUUID()];
  const events: [string, object][] = [
    ["run:start", { timestamp, versions: {} }],
    ["step:start", { step_id: stepId, job_id: jobs[0]?.id, timestamp }],
    ...logs.map((message): [string, object] => [
      "run:log",
      { message, source: "JOB", level: "info", step_id: stepId, timestamp },
    ]),
    [
      "step:complete",
      {
        ...{ step_id: stepId, reason, timestamp, webhook_response: webhookResponse },
        ...{ output_dataclip_id: dataclipId, output_dataclip: JSON.stringify(output) },
      },
    ],
    ["run:complete", { reason, final_state: output, final_dataclip_id: dataclipId, timestamp }],
  ];
  for (const [event, payload] of events) {
    const { status, response } = await client.push(topic, event, payload);
    if (status !== "ok") throw new Error(`${event}: ${JSON.stringify(response)}`);
  }
}
