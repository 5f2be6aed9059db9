import type { Span } from "./span.ts";

/** The whole value: groups separated by white space. */
export interface Configuration {
  readonly kind: "configuration";
  readonly span: Span;
  readonly groups: readonly Group[];
}

/** One `chain:capacity`. A part that is missing or broken in the text is `undefined`. */
export interface Group {
  readonly kind: "group";
  readonly span: Span;
  readonly chain: Chain;
  readonly capacity: Capacity | undefined;
}

/** Queues in order of preference. */
export interface Chain {
  readonly kind: "chain";
  readonly span: Span;
  readonly queues: readonly Queue[];
}

export type Queue = NamedQueue | Wildcard;

export interface NamedQueue {
  readonly kind: "queue";
  readonly span: Span;
  readonly name: string;
}

/** `*`: any queue. */
export interface Wildcard {
  readonly kind: "wildcard";
  readonly span: Span;
}

/** How many runs the group may hold at once. */
export interface Capacity {
  readonly kind: "capacity";
  readonly span: Span;
  /** The text as written. */
  readonly text: string;
  /** The number, or `undefined` where the text is no valid capacity. */
  readonly value: number | undefined;
}
