import { type LocalLightning, startLocalLightning } from "@workloops/local-lightning";
import { type Answered, type Client, connect, workerToken } from "./client.ts";
import { privateKey, secret } from "./desk.ts";
import type { Answer, LightningPort, PortWorker, RunOutcome } from "./lightning-port.ts";

function worker(client: Client): PortWorker {
  /** A channel that dies answers nothing: `phx_error` comes instead. */
  const ask = async (topic: string, asked: () => Promise<Answered>): Promise<Answer> => {
    const before = client.frames.length;
    const died = client
      .frame(
        (frame) =>
          frame.event === "phx_error" &&
          frame.topic === topic &&
          client.frames.indexOf(frame) >= before,
      )
      .then((): Answer => ({ status: "crash", response: undefined }));
    const { status, response } = await Promise.race([asked(), died]);
    const isBytes = response instanceof Uint8Array;
    return { status, response: isBytes ? Buffer.from(response).toString("utf8") : response };
  };
  const push = (topic: string, event: string, payload: unknown) =>
    ask(topic, () => client.push(topic, event, payload));
  return {
    joinQueue: (payload) => push("worker:queue", "phx_join", payload),
    claim: (payload) => push("worker:queue", "claim", payload),
    joinRun: (runId, payload) => push(`run:${runId}`, "phx_join", payload),
    event: (runId, event, payload) => push(`run:${runId}`, event, payload),
  };
}

interface View {
  readonly [field: string]: unknown;
  readonly logs: RunOutcome["logs"];
  readonly steps: RunOutcome["steps"];
  readonly ends: readonly { readonly state: string }[];
}

/** The server behind the port: HTTP for what a person does, sockets for what a worker does. */
export async function socketLightning(): Promise<LightningPort> {
  const lightning: LocalLightning = await startLocalLightning({ secret, privateKey });
  const clients: Client[] = [];
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${lightning.httpUrl}${path}`, init);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  };
  return {
    addRun: async ({ queue = "default", jobs = ["job"], savesDataclips = true, ...rest } = {}) => {
      const plan = {
        jobs: jobs.map((id) => ({ id })),
        options: { output_dataclips: savesDataclips },
      };
      return ((await ask("/runs", { queue, plan, ...rest })) as { id: string }).id;
    },
    worker: async (id) => {
      const client = await connect(lightning.url, workerToken(secret, { worker_id: id }));
      clients.push(client);
      return worker(client);
    },
    outcome: async (id) => {
      const view = (await ask(`/runs/${id}`)) as View;
      return {
        state: String(view["state"]),
        workerName: view["worker_name"] as string | null,
        reason: view["reason"] as string | null,
        errorType: view["error_type"] as string | null,
        finalState: view["final_state"],
        startedAt: view["started_at"] as number | null,
        logs: view.logs,
        steps: view.steps,
        ends: view.ends.map(({ state }) => state),
      };
    },
    lose: async (id) => void (await ask("/faults", { kind: "lose-runs", run_id: id })),
    violations: async () => {
      const { violations } = (await ask("/violations")) as { violations: { kind: string }[] };
      return violations.map(({ kind }) => kind);
    },
    close: async () => {
      for (const client of clients) client.close();
      await lightning.close();
    },
  };
}
