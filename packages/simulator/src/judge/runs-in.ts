import { isRecord, own } from "@workloops/worker/protocol";

/** The ids in a claim's reply, as far as they are ids: each once. */
export function runsIn(payload: unknown): readonly string[] {
  return [...new Set(entriesIn(payload).flatMap((run) => idOf(run) ?? []))];
}

/** How many entries of a claim's reply are no runs. */
export function unreadableIn(payload: unknown): number {
  return entriesIn(payload).filter((run) => idOf(run) === undefined).length;
}

function entriesIn(payload: unknown): readonly unknown[] {
  const response = isRecord(payload) ? own(payload, "response") : undefined;
  const runs = isRecord(response) ? own(response, "runs") : undefined;
  return Array.isArray(runs) ? runs : [];
}

function idOf(run: unknown): string | undefined {
  if (!isRecord(run) || typeof own(run, "token") !== "string") return undefined;
  const id = own(run, "id");
  return typeof id === "string" && /^[\w.-]+$/.test(id) ? id : undefined;
}
