import { isRecord, own } from "@workloops/worker/protocol";
import { keepLine, readLine } from "../log-line.ts";
import { crash, ok } from "../reply.ts";
import type { EventHandler } from "../run-event.ts";
import type { LogRecord } from "../run-record.ts";

/** Several log lines, all or none. Source: protocol page, section 4.8. */
export const runBatchLogs: EventHandler = (context) => {
  const logs = isRecord(context.payload) ? own(context.payload, "logs") : undefined;
  if (!Array.isArray(logs)) return crash("run:batch_logs: without a list of logs");
  const lines: LogRecord[] = [];
  for (const log of logs) {
    if (!isRecord(log)) return crash("run:batch_logs: a log is no object");
    const line = readLine(context, log);
    if (line.kind !== "line") return line.reply;
    lines.push(line.line);
  }
  for (const line of lines) keepLine(context, line);
  return ok({});
};
