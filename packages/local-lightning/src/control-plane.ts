import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Faults } from "./faults/faults.ts";
import type { News } from "./news.ts";
import { depth } from "./queue.ts";
import type { Ledger, Moment, RunRecord, RunState } from "./run-ledger.ts";
import type { WorkerSocket } from "./socket/worker-socket.ts";
import type { RunKeys } from "./tokens.ts";
import type { WakeUps } from "./wake-ups.ts";

/** What the sockets and the HTTP interface share: one Lightning in memory. */
export interface ControlPlane {
  readonly ledger: Ledger;
  readonly keys: RunKeys;
  readonly secret: string;
  readonly faults: Faults;
  readonly wakeUps: WakeUps;
  readonly sockets: Set<WorkerSocket>;
  /** The connections under the sockets, with those whose upgrade is not answered. */
  readonly streams: Set<Duplex>;
  /** Whether claimed runs go back to the queue when their socket is dead at the reply. */
  readonly rollback: boolean;
  /** A socket that says nothing for so long is closed. */
  readonly idleTimeoutMs: number;
  /** Until when new sockets are refused; milliseconds since the epoch. */
  awayUntil: number;
  /** Who is told of a run's changes, by run id. */
  readonly watchers: Map<string, Set<() => void>>;
  readonly timers: Set<NodeJS.Timeout>;
  /** Exceptions that ended a channel: a bug of ours, or JSON nested too deep. */
  readonly failures: string[];
  /** Is told what a person wants to read. */
  readonly tell: (news: News) => void;
  /** Joins that took the place of one still there. */
  joinsReplaced: number;
}

/** The time and chance of what happens now. */
export function moment(): Moment {
  return {
    now: Math.round((performance.timeOrigin + performance.now()) * 1000),
    newId: randomUUID,
  };
}

/** Does something later, unless the control plane is closed by then. */
export function later(plane: ControlPlane, ms: number, act: () => void): NodeJS.Timeout {
  const timer = setTimeout(() => {
    plane.timers.delete(timer);
    act();
  }, ms);
  plane.timers.add(timer);
  return timer;
}

/** Tells those who watch a run that it has changed, and everybody when its state has. */
export function announceChange(plane: ControlPlane, run: RunRecord, before?: RunState): void {
  if (run.state !== before) announceState(plane, run);
  for (const tell of [...(plane.watchers.get(run.id) ?? [])]) tell();
}

function announceState({ tell, ledger }: ControlPlane, run: RunRecord): void {
  const { id, state, workerName, queued } = run;
  const waiting = depth(ledger.queue);
  tell({ type: "run", id, queue: queued.queue, state, workerName, waiting });
}

/** @returns what ends the watching */
export function watch(plane: ControlPlane, run: RunRecord, tell: () => void): () => void {
  const watchers = plane.watchers.get(run.id) ?? new Set();
  plane.watchers.set(run.id, watchers.add(tell));
  return () => {
    watchers.delete(tell);
    if (watchers.size === 0) plane.watchers.delete(run.id);
  };
}
