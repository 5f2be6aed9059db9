import { isRecord } from "@workloops/worker/protocol";
import { keepLine, readLine } from "../log-line.ts";
import { crash, ok } from "../reply.ts";
import type { EventHandler } from "../run-event.ts";

/** One log line. Source: protocol page, section 4.8. */
export const runLog: EventHandler = (context) => {
  if (!isRecord(context.payload)) return crash("run:log: the payload is no object");
  const line = readLine(context, context.payload);
  if (line.kind !== "line") return line.reply;
  keepLine(context, line.line);
  return ok({ log_line_id: line.line.id });
};
