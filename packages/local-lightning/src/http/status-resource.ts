import type { ApiRequest } from "../api.ts";
import { depth } from "../queue.ts";
import { queueNames } from "../run-ledger.ts";
import { type Answer, json } from "./respond.ts";

/** `GET /status`: who is joined, what waits, what was counted. */
export function getStatus({ plane }: ApiRequest): Answer {
  const { ledger } = plane;
  const joined = [...plane.sockets].map((socket) => {
    const worker = ledger.workers.get(socket.workerId);
    return {
      worker_id: socket.workerId,
      capacity: worker?.capacity ?? null,
      queues: Object.fromEntries(worker?.slots ?? []),
      started: ledger.started.get(socket.workerId)?.size ?? 0,
    };
  });
  return json(200, {
    workers: joined,
    waiting: Object.fromEntries(queueNames.map((name) => [name, depth(ledger.queue, name)])),
    in_progress: ledger.queue.entries.size - depth(ledger.queue),
    ended: ledger.ended.size,
    counts: { ...ledger.counts, joins_replaced: plane.joinsReplaced },
    violations: ledger.violations.total,
    failures: plane.failures,
  });
}

/** `GET /violations`: what workers did that they must not. */
export function getViolations({ plane }: ApiRequest): Answer {
  const { total, first } = plane.ledger.violations;
  return json(200, {
    total,
    violations: first.map(({ runId, workerId, ...violation }) => ({
      ...violation,
      run_id: runId,
      worker_id: workerId,
    })),
  });
}
