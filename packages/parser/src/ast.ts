import type { Span } from "./span.ts";

/** The whole value: groups separated by white space. */
export interface Configuration {
  readonly kind: "configuration";
  readonly span: Span;
  readonly groups: readonly Group[];
}

/** One `chain:capacity`: a run of text without white space. */
export interface Group {
  readonly kind: "group";
  readonly span: Span;
  /** The queues that were found, in order; empty where the text has none. */
  readonly chain: Chain;
  /** What stands behind the colon, or `undefined` where there is nothing. */
  readonly capacity: Capacity | undefined;
  /** True where the group has an error. What a broken group holds is a guess for editors; nothing runs it. */
  readonly broken: boolean;
  /** A broken group as it is written, for printing it unchanged; a sound group is printed from its parts. */
  readonly written: string | undefined;
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
