import { addRun, createLedger, loseRun } from "@workloops/local-lightning/run-ledger";
import { type Frame, phoenix } from "@workloops/worker/protocol";
import { acceptor } from "../../packages/simulator/src/lightning/accept.ts";
import type { Server } from "../../packages/simulator/src/lightning/server.ts";
import { createAgenda } from "../../packages/simulator/src/world/agenda.ts";
import { createChance } from "../../packages/simulator/src/world/chance.ts";
import { createFaults } from "../../packages/simulator/src/world/faults.ts";
import type { Acceptor, Connection } from "../../packages/simulator/src/world/network.ts";
import type { Scenario } from "../../packages/simulator/src/world/scenario.ts";
import { countedMoments } from "./counted-moments.ts";
import type { Answer, LightningPort, PortWorker } from "./lightning-port.ts";
import { newRunOf, outcomeOf } from "./pure-lightning.ts";

/** A world in which nothing goes wrong. */
const calm: Scenario = {
  ...{ seed: 1, configuration: "*:5", rows: [], rate: 0, runs: 0, arrivalMs: 1, healAtMs: 0 },
  latencyMs: { from: 0, to: 0 },
  timing: {
    ...{ backoffMinMs: 1, backoffMaxMs: 1, claimTimeoutMs: 1, messageTimeoutMs: 1 },
    ...{ queueJoinTimeoutMs: 1, openTimeoutMs: 1, heartbeatMs: 1, retryMaxMs: 1 },
  },
  ...{ batchLogs: false, wakeUps: true, wakeUpWindowMs: 500, checksTokens: false },
  ...{ shortTokens: false, collections: false, resendDelayMs: 0, polling: true },
  ...{ journal: "none", rollback: false, keyClash: "error", drainMs: 1 },
};

function calmServer(): Server {
  const agenda = createAgenda();
  const chance = createChance(1, "server");
  const moment = countedMoments();
  return {
    ...{ ledger: createLedger(), scenario: calm, agenda, chance, moment },
    faults: createFaults(calm, chance, () => {}),
    ...{ tell: () => {}, accuse: () => {}, terminate: () => {} },
    ...{ tokens: new Map(), connections: new Map(), waking: new Set(), refusals: new Map() },
    ...{ stuck: new Set(), deafUntil: new Map(), given: [] },
  };
}

/** A worker's connection without a network between: what the server sends is here at once. */
function connect(server: Acceptor, workerId: string): PortWorker {
  const frames: Frame[] = [];
  const joins = new Map<string, string>();
  let refs = 0;
  const connection: Connection = {
    ...{ socket: 1, workerId, isOpen: () => true, cut: () => {}, freeze: () => {} },
    ...{ stall: () => {}, garble: () => {} },
    send: (frame) => frames.push(frame),
  };
  server.opened(connection);
  const ask = async (topic: string, event: string, payload: unknown): Promise<Answer> => {
    refs += 1;
    const ref = String(refs);
    if (event === phoenix.join) joins.set(topic, ref);
    const before = frames.length;
    try {
      server.take(connection, { joinRef: joins.get(topic) ?? null, ref, topic, event, payload });
    } catch (error) {
      // In a world, a claim that kills its channel is a bug of the worker, and ends the world.
      if (!String(error).includes("a claim crashes the channel")) throw error;
      return { status: "crash", response: undefined };
    }
    const came = frames.slice(before);
    if (came.some((frame) => frame.event === phoenix.error))
      return { status: "crash", response: undefined };
    const reply = came.find((frame) => frame.event === phoenix.reply && frame.ref === ref);
    if (reply === undefined) throw new Error(`${event} on ${topic} was not answered`);
    const { status, response } = reply.payload as Answer;
    const isBytes = response instanceof Uint8Array;
    return { status, response: isBytes ? new TextDecoder().decode(response) : response };
  };
  return {
    joinQueue: (payload) => ask("worker:queue", phoenix.join, payload),
    claim: (payload) => ask("worker:queue", "claim", payload),
    joinRun: (runId, payload) => ask(`run:${runId}`, phoenix.join, payload),
    event: (runId, event, payload) => ask(`run:${runId}`, event, payload),
  };
}

/** The simulator's server behind the port, in a world without faults. */
export async function worldLightning(): Promise<LightningPort> {
  const server = calmServer();
  const { ledger } = server;
  const side = acceptor(server);
  const runOf = (id: string) => {
    const run = ledger.runs.get(id);
    if (run === undefined) throw new Error(`no run ${id}`);
    return run;
  };
  return {
    addRun: async (spec) => addRun(ledger, newRunOf(spec), server.moment()).id,
    worker: async (id) => connect(side, id),
    outcome: async (id) => outcomeOf(runOf(id)),
    lose: async (id) => loseRun(ledger, runOf(id), server.moment()),
    violations: async () => ledger.violations.first.map(({ kind }) => kind),
    close: async () => {},
  };
}
