import type { Message } from "./message.ts";

/**
 * Follows each run that a claim's reply hands out, to know which replies were destroyed by a fault.
 * A worker that has read a grant joins the run's channel, now or on a later connection; until then
 * nobody can tell whether what was written has arrived.
 */
export interface Grants {
  /** The worker says it, whether it arrives or not. */
  readonly said: (message: Message) => void;
  /** It was written to this connection. */
  readonly passed: (connection: object, message: Message) => void;
  /**
   * A fault destroyed it, or made it the second answer to one question: the worker reads one.
   */
  readonly lost: (message: Message) => void;
  /** A fault ended this connection, or a process at its end: what was on its way went with it. */
  readonly broken: (connection: object) => void;
  /** It came when this connection was over, and no fault had ended it. */
  readonly late: (connection: object, message: Message) => void;
  /** This connection ended, and how. */
  readonly closed: (connection: object, how: string) => void;
  /** The runs in replies that were destroyed. */
  readonly destroyed: () => ReadonlySet<string>;
  /** What became of the replies that handed this run out, in words: no fault may explain it. */
  readonly storyOf: (run: string) => string;
}

export function followGrants(): Grants {
  const joined = new Set<string>();
  const destroyed = new Set<string>();
  const onTheirWay = new WeakMap<object, readonly string[]>();
  const ends = new WeakMap<object, string>();
  const stories = new Map<string, (() => string)[]>();
  const note = (connection: object, { granted }: Message, what: string): void => {
    const at = new Date().toISOString();
    const story = () => `${what} at ${at}, ${ends.get(connection) ?? "its connection was open"}`;
    for (const id of granted) stories.set(id, [...(stories.get(id) ?? []), story]);
  };
  return {
    said({ event, topic }) {
      if (event === "phx_join" && topic.startsWith("run:")) joined.add(topic.slice(4));
    },
    passed(connection, message) {
      const { granted } = message;
      if (granted.length === 0) return;
      note(connection, message, "passed on");
      const waiting = (onTheirWay.get(connection) ?? []).filter((id) => !joined.has(id));
      onTheirWay.set(connection, [...waiting, ...granted]);
    },
    lost: ({ granted }) => {
      for (const id of granted) destroyed.add(id);
    },
    broken: (connection) => {
      for (const id of onTheirWay.get(connection) ?? []) destroyed.add(id);
    },
    late: (connection, message) => note(connection, message, "came too late"),
    closed: (connection, how) => ends.set(connection, how),
    storyOf: (run) => (stories.get(run) ?? []).map((story) => story()).join("; "),
    destroyed: () => new Set([...destroyed].filter((id) => !joined.has(id))),
  };
}
