import type { IToken } from "chevrotain";
import type { Capacity, Chain, Group, Queue } from "./ast.ts";
import type { Limits } from "./limits.ts";
import type { Span } from "./span.ts";
import { Word } from "./tokens.ts";

/** What is read, and within which limits. */
export interface Source {
  readonly text: string;
  readonly limits: Limits;
}

const capacityPattern = /^[1-9][0-9]*$/;

export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

export function buildQueue(token: IToken): Queue {
  const span = { start: token.startOffset, end: endOf(token) };
  return token.tokenType === Word
    ? { kind: "queue", span, name: token.image }
    : { kind: "wildcard", span };
}

export function buildCapacity(token: IToken, limits: Limits): Capacity {
  const text = token.image;
  const span = { start: token.startOffset, end: endOf(token) };
  return { kind: "capacity", span, text, value: capacityValue(text, limits) };
}

function capacityValue(text: string, limits: Limits): number | undefined {
  if (!capacityPattern.test(text)) return undefined;
  const value = Number(text);
  return value <= limits.capacityRuns ? value : undefined;
}

/**
 * A group from its parts. `sound` says that nothing stands in it beside names that take
 * turns with arrows, a colon and a count; what those are worth is judged here.
 */
export function buildGroup(
  span: Span,
  queues: readonly Queue[],
  capacity: Capacity | undefined,
  sound: boolean,
  source: Source,
): Group {
  const first = queues[0];
  const last = queues[queues.length - 1];
  const chain: Chain = {
    kind: "chain",
    span: { start: first?.span.start ?? span.start, end: last?.span.end ?? span.start },
    queues,
  };
  const broken = !sound || capacity?.value === undefined || !areValid(queues, source.limits);
  const written = broken ? source.text.slice(span.start, span.end) : undefined;
  return { kind: "group", span, chain, capacity, broken, written };
}

function areValid(queues: readonly Queue[], limits: Limits): boolean {
  const last = queues.length - 1;
  if (last >= limits.queuesInChain) return false;
  for (let i = 0; i <= last; i += 1) {
    const queue = queues[i];
    if (queue?.kind === "queue" ? queue.name.length > limits.nameUnits : i < last) return false;
  }
  return true;
}
