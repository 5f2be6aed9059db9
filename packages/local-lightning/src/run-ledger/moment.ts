/** Time and chance of one event, given from outside. */
export interface Moment {
  /** Microseconds since the epoch. */
  readonly now: number;
  /** A new UUID. */
  readonly newId: () => string;
}
