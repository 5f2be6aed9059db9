import { own } from "@workloops/worker/protocol";
import { eventTime } from "./event-time.ts";
import { isBlank, isUuid } from "./field.ts";
import { keep } from "./keep.ts";
import { renderMessage, scrub } from "./log-message.ts";
import { blank, invalid, type Reply, refuse } from "./reply.ts";
import type { EventContext } from "./run-event.ts";
import type { LogRecord } from "./run-record.ts";

const levels: readonly unknown[] = ["success", "always", "info", "warn", "error", "debug"];

/** The width of Lightning's column. */
const maxSourceCharacters = 8;

type Line = { kind: "line"; line: LogRecord } | { kind: "refused"; reply: Reply };

/** A worker's log line, checked. Source: protocol page, section 4.8. */
export function readLine(
  { channel, moment, accuse }: EventContext,
  log: Readonly<Record<string, unknown>>,
): Line {
  const no = (field: string, message: string): Line => ({
    kind: "refused",
    reply: refuse(field, message),
  });
  const message = renderMessage(own(log, "message"));
  if (message === undefined) return no("message", blank);
  const stamp = own(log, "timestamp");
  if (isBlank(stamp)) return no("timestamp", blank);
  const timestamp = eventTime(stamp, moment.now);
  if (timestamp === undefined) return no("timestamp", invalid);
  const level = own(log, "level") ?? "info";
  if (!levels.includes(level)) return no("level", invalid);
  const source = own(log, "source") ?? null;
  if (source !== null && typeof source !== "string") return no("source", invalid);
  if (source !== null && source.length > maxSourceCharacters)
    return no("source", `should be at most ${maxSourceCharacters} character(s)`);
  const stepId = own(log, "step_id") ?? null;
  if (stepId !== null && typeof stepId !== "string") return no("step_id", invalid);
  if (stepId !== null && !channel.run.steps.has(stepId)) {
    accuse("out-of-order", "a log line of a step that was not started");
    return no("step_id", "must be associated with the run");
  }
  const id = own(log, "id");
  return {
    kind: "line",
    line: {
      // A line that brings its own id can be sent twice.
      id: isUuid(id) ? id : moment.newId(),
      stepId,
      level: String(level),
      source,
      message: scrub(message, channel.secrets),
      timestamp,
    },
  };
}

/** Keeps a line, unless the run has as many as it may. */
export function keepLine({ ledger, channel }: EventContext, line: LogRecord): void {
  const { run } = channel;
  const hasRoom = run.logs.length < ledger.settings.logLinesKeptPerRun;
  if (hasRoom && keep(ledger, run, line.message.length)) run.logs.push(line);
  else run.logsDropped += 1;
}
