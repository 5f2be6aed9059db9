import { runTopic } from "../../protocol/index.ts";
import { isJoined } from "../channel.ts";
import type { Turn } from "../turn.ts";
import type { RunState } from "./run-state.ts";

/**
 * A plan or a dataclip that is larger than the socket takes cuts it, and every other question that
 * is open then is lost with it. Each run is asked for a few times only. So what is asked again is
 * asked for one run at a time: the next cut counts against the run that is to blame, and the good
 * ones beside it run.
 */
export function waitToAsk(turn: Turn, { id }: RunState): void {
  const others = turn.state.waitingToAsk.filter((waiting) => waiting !== id);
  turn.state = { ...turn.state, waitingToAsk: [...others, id] };
}

/** The run whose turn it is, taken from those that wait; none while another one is asked for. */
export function takeNextToAsk(turn: Turn): RunState | undefined {
  while (turn.state.waitingToAsk.length > 0 && !isOneAskedAgain(turn)) {
    const [id = "", ...waitingToAsk] = turn.state.waitingToAsk;
    turn.state = { ...turn.state, waitingToAsk };
    // It was ended meanwhile, or its channel is down: once that is joined again, it waits anew.
    if (isJoined(turn, runTopic(id))) return turn.state.runs.get(id);
  }
  return undefined;
}

function isOneAskedAgain({ state: { connection, runs } }: Turn): boolean {
  return [...connection.requests.values()].some(({ purpose }) => {
    const phase = "run" in purpose ? runs.get(purpose.run)?.phase : undefined;
    return (phase?.type === "planning" || phase?.type === "loading") && phase.asked > 1;
  });
}
