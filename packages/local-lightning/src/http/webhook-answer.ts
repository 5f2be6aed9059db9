import { isRecord, own } from "@workloops/worker/protocol";
import type { RunRecord } from "../run-ledger.ts";
import { isoTime } from "./iso-time.ts";

/** What a caller who waited for a run is answered; `body` is absent where the status allows none. */
export interface WebhookAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * A step's `webhook_response` decides, else the run's own status and final state.
 * Source: protocol page, section 4.10.
 */
export function webhookAnswer(run: RunRecord): WebhookAnswer {
  const isSuccess = run.state === "success";
  const override = readOverride(run.webhookResponse);
  const status = override.status ?? (isSuccess ? run.statusCodes.success : run.statusCodes.error);
  if (status === 204 || status === 304) return { status };
  const usual = isSuccess ? run.finalState : { message: `The run ended as ${run.state}` };
  return { status, body: { data: override.data ?? usual, meta: metaOf(run) } };
}

function readOverride(response: unknown): { status?: number; data?: unknown } {
  if (response === undefined) return {};
  const malformed = { data: { message: "The workflow's webhook_response was malformed" } };
  if (!isRecord(response)) return malformed;
  const [status, body] = [own(response, "status") ?? undefined, own(response, "body") ?? undefined];
  if (body !== undefined && !isRecord(body)) return malformed;
  if (status === undefined) return body === undefined ? {} : { data: body };
  if (typeof status !== "number" || !(status >= 200 && status < 600)) return malformed;
  return { status: Math.trunc(status), ...(body !== undefined && { data: body }) };
}

function metaOf(run: RunRecord) {
  return {
    work_order_id: run.workOrderId,
    run_id: run.id,
    state: run.state,
    error_type: run.errorType,
    inserted_at: isoTime(run.queued.insertedAt),
    started_at: isoTime(run.startedAt),
    claimed_at: isoTime(run.claimedAt),
    finished_at: isoTime(run.finishedAt),
  };
}

/** The answer to a caller whose run did not end in time. */
export function webhookTimeout(run: RunRecord, waitedMs: number): WebhookAnswer {
  return {
    status: 504,
    body: {
      error: "timeout",
      message: `The run did not end within ${waitedMs} ms`,
      work_order_id: run.workOrderId,
    },
  };
}
