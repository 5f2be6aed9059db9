import { isRecord, own } from "@workloops/worker/protocol";

/** The ids in a claim's reply, as far as they are ids: each once. */
export function runsIn(payload: unknown): readonly string[] {
  const response = isRecord(payload) ? own(payload, "response") : undefined;
  const runs = isRecord(response) ? own(response, "runs") : undefined;
  if (!Array.isArray(runs)) return [];
  const ids = new Set<string>();
  for (const run of runs) {
    if (!isRecord(run) || typeof own(run, "token") !== "string") continue;
    const id = own(run, "id");
    if (typeof id === "string" && /^[\w.-]+$/.test(id)) ids.add(id);
  }
  return [...ids];
}
