import type { LogFields, WorkerState } from "./core/index.ts";
import { runOfTopic } from "./protocol/index.ts";

/** A line about a run's channel is one about its run, in its lane: both stand in fields of their own. */
export function aboutRun(fields: LogFields, { runs, lanes }: WorkerState): LogFields {
  const run = runs.get(runOfTopic(String(fields["topic"] ?? "")) ?? "");
  const lane = run === undefined ? undefined : lanes[run.lane];
  if (run === undefined || lane === undefined) return fields;
  return { ...fields, run: run.id, lane: lane.chain };
}
