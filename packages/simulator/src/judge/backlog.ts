import { type Frame, phoenix, runEvent, runOfTopic } from "@workloops/worker/protocol";
import { WORLD_LIMITS } from "../world/world.ts";
import type { Bench, Judge } from "./judge.ts";

/** So many events wait for the server at most: what a job says then is left out. */
const MOST_WAITING = WORLD_LIMITS.busyEvents * WORLD_LIMITS.floodFactor;

/** What a run has said, and what of it is on its way. */
interface Talk {
  /** How many messages were sent, each once: the lines of a batch are as many messages. */
  departed: number;
  /** How many had been sent when each line was said. */
  readonly departedBefore: Map<string, number>;
  lastText: string;
}

/**
 * Invariant 7: what a run says and the server has not taken yet is bounded, however much that is.
 * Messages go out in the order in which they come: what goes out between the moment a line is said
 * and its own turn was waiting ahead of it. A line that finds the bound reached may never go out.
 */
export function judgeBacklog({ accuse }: Bench): Judge {
  const talks = new Map<string, Talk>();

  const onSent = ({ topic, event, payload }: Frame, text: string): void => {
    const talk = talks.get(runOfTopic(topic) ?? "");
    if (talk === undefined || event === phoenix.join || event === phoenix.leave) return;
    if (event.startsWith("fetch:") || talk.lastText === text) return;
    talk.lastText = text;
    for (const line of linesOf(event, payload)) {
      const before = talk.departedBefore.get(line) ?? talk.departed;
      const ahead = talk.departed - before;
      if (ahead >= MOST_WAITING) accuse(7, `${topic} says "${line}" with ${ahead} events waiting`);
      talk.departed += 1;
    }
  };

  return {
    see: {
      execute: ({ run }) => {
        talks.set(run, { departed: 0, departedBefore: new Map(), lastText: "" });
      },
      engine: ({ run, event }) => {
        const talk = talks.get(run);
        if (talk === undefined || event.type !== "log" || event.stepId === undefined) return;
        talk.departedBefore.set(String(event.message[0]), talk.departed);
      },
      sent: ({ frame, text }) => onSent(frame, text),
      journal: ({ entry }) => {
        if (entry.type === "ended") talks.delete(entry.run);
      },
      "process-started": () => talks.clear(),
    },
  };
}

/** The lines that a message carries; another message counts as one that nobody has said. */
function linesOf(event: string, payload: unknown): readonly string[] {
  if (event !== runEvent.runLog && event !== runEvent.runBatchLogs) return [""];
  type Line = { readonly message: readonly unknown[] };
  const { logs = [payload as Line] } = payload as { readonly logs?: readonly Line[] };
  return logs.map(({ message }) => String(message[0]));
}
