import type { Chain, Queue } from "./ast.ts";

/** A queue as it is written and sent: its name, or `*`. */
export function queueText(queue: Queue): string {
  return queue.kind === "queue" ? queue.name : "*";
}

/** A chain as it is written: the key of its group for the server. */
export function chainText(chain: Chain): string {
  const { queues } = chain;
  let text = "";
  for (let i = 0; i < queues.length; i += 1) {
    const queue = queues[i];
    if (queue !== undefined) text += i === 0 ? queueText(queue) : `>${queueText(queue)}`;
  }
  return text;
}

/** A chain without wildcard claims only the queues that it names. */
export function isStrict(chain: Chain): boolean {
  return chain.queues[chain.queues.length - 1]?.kind !== "wildcard";
}
