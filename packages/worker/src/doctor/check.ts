/** What one look at the surroundings found. */
export interface Check {
  readonly name: string;
  readonly outcome: "good" | "warning" | "bad";
  /** What was found; where it is not good, what to do about it. */
  readonly says: string;
}

export function good(name: string, says: string): Check {
  return { name, outcome: "good", says };
}

export function warning(name: string, says: string): Check {
  return { name, outcome: "warning", says };
}

export function bad(name: string, says: string): Check {
  return { name, outcome: "bad", says };
}
