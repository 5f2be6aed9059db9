import { type DestinationStream, type Logger, pino } from "pino";
import pretty from "pino-pretty";
import type { LogFields, LogLevel } from "../core/index.ts";

export type WorkerLog = (level: LogLevel, message: string, fields?: LogFields) => void;

export interface LogOptions {
  readonly level: string;
  readonly name: string | null;
  /** Where lines go; absent: standard output. */
  readonly destination?: DestinationStream;
  readonly isTerminal: boolean;
}

/** One JSON object a line; on a terminal, lines for people. Nothing but the given fields is written. */
export function createLog({ level, name, destination, isTerminal }: LogOptions): WorkerLog {
  const options = {
    level: level === "none" ? "silent" : level,
    base: name === null ? null : { worker: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const stream =
    destination ??
    (isTerminal
      ? pretty({ sync: true, singleLine: true, translateTime: "HH:MM:ss.l" })
      : pino.destination({ dest: 1, sync: true }));
  const logger: Logger = pino(options, stream);
  return (of, message, fields = {}) => logger[of](fields, message);
}
