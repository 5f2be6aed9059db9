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
  /** The runs in replies that were destroyed. */
  readonly destroyed: () => ReadonlySet<string>;
}

export function followGrants(): Grants {
  const joined = new Set<string>();
  const destroyed = new Set<string>();
  const onTheirWay = new WeakMap<object, readonly string[]>();
  return {
    said({ event, topic }) {
      if (event === "phx_join" && topic.startsWith("run:")) joined.add(topic.slice(4));
    },
    passed(connection, { granted }) {
      if (granted.length === 0) return;
      const waiting = (onTheirWay.get(connection) ?? []).filter((id) => !joined.has(id));
      onTheirWay.set(connection, [...waiting, ...granted]);
    },
    lost: ({ granted }) => {
      for (const id of granted) destroyed.add(id);
    },
    broken: (connection) => {
      for (const id of onTheirWay.get(connection) ?? []) destroyed.add(id);
    },
    destroyed: () => new Set([...destroyed].filter((id) => !joined.has(id))),
  };
}
