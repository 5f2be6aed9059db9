/** A place in a text: two offsets in UTF-16 units, `start` included, `end` not. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
