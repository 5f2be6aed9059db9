import { mayClaim } from "./lane.ts";
import { runWakeAt } from "./run/run-tick.ts";
import type { WorkerState } from "./state.ts";

/** When the next `tick` is due, on the clock of `at`; infinite where only others can move it on. */
export function wakeAt(state: WorkerState): number {
  if (state.catchingUpUntil !== undefined) return state.catchingUpUntil;
  const { connection, mode } = state;
  if (mode.type === "idle" || mode.type === "stopped") return Number.POSITIVE_INFINITY;
  let earliest = socketDueAt(connection.socket);
  if (mode.type === "draining" || mode.type === "ending") {
    earliest = Math.min(earliest, mode.deadline);
  }
  for (const channel of connection.channels.values()) {
    if (channel.mode === "waiting") earliest = Math.min(earliest, channel.until);
    else if (channel.mode === "joining") earliest = Math.min(earliest, channel.deadline);
  }
  for (const request of connection.requests.values()) {
    if (!request.late) earliest = Math.min(earliest, request.deadline);
  }
  for (const lane of state.lanes) {
    if (mayClaim({ state }, lane)) earliest = Math.min(earliest, lane.nextClaimAt);
  }
  for (const run of state.runs.values()) {
    earliest = Math.min(earliest, runWakeAt({ state }, run));
  }
  return earliest;
}

function socketDueAt(socket: WorkerState["connection"]["socket"]): number {
  switch (socket.mode) {
    case "closed":
      return Number.POSITIVE_INFINITY;
    case "waiting":
      return socket.until;
    case "opening":
      return socket.deadline;
    case "open":
      return socket.beatAt;
  }
}
