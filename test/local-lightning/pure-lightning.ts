import {
  addRun,
  claimRuns,
  createLedger,
  handleRunEvent,
  joinQueue,
  joinRun,
  loseRun,
  type NewRun,
  type Reply,
  type RunChannel,
  type RunRecord,
  runTokenClaims,
} from "@workloops/local-lightning/run-ledger";
import { countedMoments } from "./counted-moments.ts";
import type { Answer, LightningPort, PortWorker, RunOutcome, RunSpec } from "./lightning-port.ts";

function answerOf(reply: Reply): Answer {
  if (reply.kind === "crash") return { status: "crash", response: reply.why };
  if (reply.kind === "dataclip") return { status: "ok", response: reply.text };
  return { status: reply.kind, response: reply.response };
}

/** A run of the port in the words of the ledger. */
export function newRunOf(spec: RunSpec = {}): NewRun {
  const {
    queue = "default",
    jobs = ["job"],
    input,
    credentials = {},
    savesDataclips = true,
  } = spec;
  return {
    queue,
    jobs: jobs.map((id) => ({ id })),
    options: { output_dataclips: savesDataclips },
    credentials: new Map(Object.entries(credentials)),
    ...(input !== undefined && { input: JSON.stringify(input) }),
  };
}

export function outcomeOf(run: RunRecord): RunOutcome {
  const outputOf = (clip: string | null): unknown =>
    JSON.parse((clip === null ? null : run.dataclips.get(clip)) ?? "null");
  return {
    ...{ state: run.state, workerName: run.workerName, reason: run.reason },
    ...{ errorType: run.errorType, finalState: run.finalState, startedAt: run.startedAt },
    logs: run.logs,
    steps: [...run.steps.values()].map((step) => ({
      ...{ id: step.id, reason: step.reason, output: outputOf(step.outputDataclipId) },
    })),
    ends: run.ends.map(({ state }) => state),
  };
}

/** The pure parts behind the port, wired as a simulator wires them: a token is its claims as JSON. */
export async function pureLightning(): Promise<LightningPort> {
  const ledger = createLedger();
  const moment = countedMoments();
  const read = (token: unknown): unknown => {
    try {
      return JSON.parse(String(token));
    } catch {
      return undefined;
    }
  };
  const worker = (workerId: string): PortWorker => {
    const channels = new Map<string, RunChannel>();
    return {
      joinQueue: async (payload) => answerOf(joinQueue(ledger, workerId, payload, moment())),
      claim: async (payload) => {
        const mint = (run: Parameters<typeof runTokenClaims>[1]) =>
          JSON.stringify(runTokenClaims(ledger, run, moment()));
        return answerOf(claimRuns(ledger, workerId, payload, moment(), { mint }).reply);
      },
      joinRun: async (runId, payload) => {
        const { token } = (payload ?? {}) as { token?: unknown };
        const joined = joinRun(ledger, runId, workerId, read(token), moment());
        if (joined.channel !== undefined) channels.set(runId, joined.channel);
        return answerOf(joined.reply);
      },
      event: async (runId, event, payload) => {
        const channel = channels.get(runId);
        if (channel === undefined) throw new Error(`run ${runId} was not joined`);
        return answerOf(handleRunEvent(ledger, channel, event, payload, moment()));
      },
    };
  };
  const runOf = (id: string) => {
    const run = ledger.runs.get(id);
    if (run === undefined) throw new Error(`no run ${id}`);
    return run;
  };
  return {
    addRun: async (spec) => addRun(ledger, newRunOf(spec), moment()).id,
    worker: async (id) => worker(id),
    outcome: async (id) => outcomeOf(runOf(id)),
    lose: async (id) => loseRun(ledger, runOf(id), moment()),
    violations: async () => ledger.violations.first.map(({ kind }) => kind),
    close: async () => {},
  };
}
