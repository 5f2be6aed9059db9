import type { Socket } from "./connection-state.ts";
import { mayClaim } from "./lane.ts";
import { runWakeAt } from "./run/run-tick.ts";
import type { WorkerState } from "./state.ts";

/** When the next `tick` is due, on the clock of `at`; infinite where only others can move it on. */
export function wakeAt(state: WorkerState): number {
  const { connection, mode, catchingUpUntil } = state;
  const { socket } = connection;
  // It has not started, or has stopped.
  if (socket.mode === "closed") return Number.POSITIVE_INFINITY;
  if (catchingUpUntil !== undefined) return catchingUpUntil;
  let earliest = socketDueAt(socket);
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

function socketDueAt(socket: Exclude<Socket, { readonly mode: "closed" }>): number {
  switch (socket.mode) {
    case "waiting":
      return socket.until;
    case "opening":
      return socket.deadline;
    case "open":
      return socket.beatAt;
  }
}
