import { readClaim, readQueueJoin } from "@workloops/worker/protocol";
import { claim, release } from "../queue.ts";
import { cut } from "./field.ts";
import { type Ledger, queuedRun } from "./ledger.ts";
import type { Moment } from "./moment.ts";
import { crash, ok, type Reply } from "./reply.ts";
import type { RunRecord } from "./run-record.ts";

/** A worker joins `worker:queue`; nothing in the payload is refused. Source: protocol page, section 2.1. */
export function joinQueue(
  ledger: Ledger,
  workerId: string,
  payload: unknown,
  moment: Moment,
): Reply {
  const { capacity, queues } = readQueueJoin(payload);
  ledger.workers.delete(workerId);
  ledger.workers.set(workerId, {
    id: workerId,
    capacity,
    slots: new Map(Object.entries(queues).slice(0, maxChains).map(readSlots)),
    joinedAt: moment.now,
  });
  forgetOldestWorker(ledger);
  return ok({});
}

/** As long as our parser takes: 100 queues of 64 characters, and 1,000 groups. */
const maxChainCharacters = 6_499;
const maxChains = 1_000;

function readSlots([chain, slots]: [string, number]): [string, number] {
  return [cut(chain, maxChainCharacters), slots];
}

/** A worker that restarts for ever has a new id each time; those that hold no run are forgotten first. */
const workersKept = 1_000;

function forgetOldestWorker(ledger: Ledger): void {
  if (ledger.workers.size <= workersKept) return;
  for (const id of ledger.workers.keys()) {
    if (ledger.started.has(id)) continue;
    ledger.workers.delete(id);
    return;
  }
}

export interface ClaimOptions {
  /** Makes the run's token. */
  readonly mint: (run: RunRecord) => string;
  /** How many runs more than demanded are given, where that fault is wanted. */
  readonly surplus?: number;
}

/** A claim's answer, and the runs that it gave away, which no one acknowledges. */
export interface ClaimAnswer {
  readonly reply: Reply;
  readonly granted: readonly RunRecord[];
}

/** Answers `claim` with `{ runs: [{ id, token }] }`. Source: protocol page, section 2.2. */
export function claimRuns(
  ledger: Ledger,
  workerId: string,
  payload: unknown,
  moment: Moment,
  { mint, surplus = 0 }: ClaimOptions,
): ClaimAnswer {
  const read = readClaim(payload);
  if (!read.ok) return { reply: crash(read.problem), granted: [] };
  const { demand, worker_name: workerName, queues } = read.value;
  if (demand < 0) return { reply: crash(`claim.demand: ${demand}, not at least 0`), granted: [] };
  ledger.counts.claims += 1;
  const granted: RunRecord[] = [];
  const chain = cut(queues.join(">"), maxChainCharacters);
  for (const { id } of claim(ledger.queue, demand + surplus, queues)) {
    const run = queuedRun(ledger, id);
    run.state = "claimed";
    run.claimedAt = moment.now;
    run.workerName = workerName === null ? null : cut(workerName, 255);
    run.workerId = workerId;
    run.chain = chain;
    run.changes += 1;
    granted.push(run);
  }
  ledger.counts.granted += granted.length;
  if (granted.length === 0) ledger.counts.emptyClaims += 1;
  const runs = granted.map((run) => ({ id: run.id, token: mint(run) }));
  return { reply: ok({ runs }), granted };
}

/**
 * Puts claimed runs back, as the versions of Lightning do that look whether the socket is still
 * there before they answer. Source: protocol page, section 2.3.
 */
export function releaseRuns(ledger: Ledger, runs: readonly RunRecord[]): void {
  for (const run of runs) {
    if (run.state !== "claimed") continue;
    run.state = "available";
    run.claimedAt = null;
    run.workerName = null;
    run.workerId = null;
    run.chain = null;
    run.changes += 1;
    release(ledger.queue, run.id);
    ledger.counts.released += 1;
  }
}
