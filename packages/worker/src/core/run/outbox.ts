import { type LogLine, type RunEventName, runEvent } from "../../protocol/index.ts";
import type { Limits } from "../settings.ts";

/** An event that the server is to be told. */
export interface Outgoing {
  readonly event: RunEventName;
  readonly payload: object;
  /** About how large it is on the wire. */
  readonly bytes: number;
}

/** The one event that is on its way: sent again, as it stands, until it is answered. */
export interface InFlight extends Outgoing {
  /** `undefined`: to be sent (again) as soon as the channel is joined. */
  readonly ref: string | undefined;
  readonly attempts: number;
}

export interface Outbox {
  readonly waiting: readonly Outgoing[];
  readonly waitingBytes: number;
  readonly inFlight: InFlight | undefined;
  /** When the batch of log lines at the head is sent although it is not full. */
  readonly batchDueAt: number | undefined;
  /** Lines that a job said faster than the server takes them, and that were left out. */
  readonly droppedLines: number;
}

export const emptyOutbox: Outbox = {
  waiting: [],
  waitingBytes: 0,
  inFlight: undefined,
  batchDueAt: undefined,
  droppedLines: 0,
};

/** So much waits for the server that the engine is to wait. */
export function isBusy({ waiting, waitingBytes }: Outbox, limits: Limits, factor = 1): boolean {
  const { busyEvents, busyBytes } = limits;
  return waiting.length >= busyEvents * factor || waitingBytes >= busyBytes * factor;
}

/** The engine does not wait, or cannot: log lines are left out. */
export function isFlooded(outbox: Outbox, limits: Limits): boolean {
  return isBusy(outbox, limits, limits.floodFactor);
}

export function enqueue(outbox: Outbox, outgoing: Outgoing): Outbox {
  return {
    ...outbox,
    waiting: [...outbox.waiting, outgoing],
    waitingBytes: outbox.waitingBytes + outgoing.bytes,
  };
}

export interface Batching {
  readonly limit: number;
  readonly intervalMs: number;
  /** A batch is one frame, and the server takes none that is too large. */
  readonly bytes: number;
}

/**
 * Takes the next event from the queue, or says when to look again.
 * Log lines that stand together travel together where the server takes batches: as soon as the
 * batch is full, its time is over, or something else waits behind it.
 */
export function takeNext(outbox: Outbox, batching: Batching | undefined, at: number): Outbox {
  const head = outbox.waiting[0];
  if (head === undefined || outbox.inFlight !== undefined) return outbox;
  if (head.event !== runEvent.runLog || batching === undefined) return take(outbox, 1, head);
  const lines = countLines(outbox.waiting, batching);
  const more = outbox.waiting.length > lines || lines >= batching.limit;
  const dueAt = outbox.batchDueAt ?? at + batching.intervalMs;
  if (!more && dueAt > at) return { ...outbox, batchDueAt: dueAt };
  return take(outbox, lines, toBatch(outbox.waiting.slice(0, lines)));
}

/** How many of the lines at the head fit into a batch: one does at least. */
function countLines(waiting: readonly Outgoing[], batching: Batching): number {
  let lines = 0;
  let bytes = 0;
  for (const { event, bytes: size } of waiting.slice(0, batching.limit)) {
    bytes += size;
    if (event !== runEvent.runLog || bytes > batching.bytes) break;
    lines += 1;
  }
  return Math.max(1, lines);
}

function toBatch(lines: readonly Outgoing[]): Outgoing {
  const payloads = lines.map((line) => line.payload as LogLine & { readonly run_id: string });
  return {
    event: runEvent.runBatchLogs,
    payload: {
      run_id: payloads[0]?.run_id,
      logs: payloads.map(({ run_id: _, ...line }) => line),
    },
    bytes: lines.reduce((sum, line) => sum + line.bytes, 0),
  };
}

function take(outbox: Outbox, count: number, outgoing: Outgoing): Outbox {
  const taken = outbox.waiting.slice(0, count).reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...outbox,
    waiting: outbox.waiting.slice(count),
    waitingBytes: outbox.waitingBytes - taken,
    inFlight: { ...outgoing, ref: undefined, attempts: 0 },
    batchDueAt: undefined,
  };
}
