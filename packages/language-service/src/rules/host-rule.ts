import type { RuleText } from "@workloops/parser";
import type { Finding, Settings } from "../finding.ts";
import type { Trap } from "../hosts/host.ts";
import type { Given, Place, Process } from "../process.ts";

/** A rule over the host's own syntax: the host finds the trap, the rule says what to do. */
export interface TrapRule extends RuleText<Trap["code"]> {
  /** What to write instead, as the end of the sentence that the trap begins. */
  readonly advice: string;
}

/** What a rule may know beside the process. */
export interface RuleContext {
  /** The file that is asked about; its places come first. */
  readonly uri: string;
  /** Its text. */
  readonly text: string;
  readonly settings: Settings;
}

/** A finding before its code and severity. */
export type Found = Omit<Finding, "code" | "severity">;

/** A finding at one place of the document, with nothing else to it. */
export function foundAt(place: Place, message: string, more: Partial<Found> = {}): Found {
  const { uri, span } = place;
  return { uri, span, message, related: [], data: {}, fixes: [], ...more };
}

/** Where the name of a variable or flag is written, without quotes; its whole entry where it is written in another way. */
export function namePlace(given: Given, { uri, text }: RuleContext): Place {
  const at =
    given.uri === uri ? text.slice(given.span.start, given.span.end).indexOf(given.name) : -1;
  if (at < 0) return given;
  const start = given.span.start + at;
  return { uri, span: { start, end: start + given.name.length } };
}

/** A rule over one process, with everything that other files give to it. */
export interface ProcessRule extends RuleText {
  readonly find: (process: Process, context: RuleContext) => readonly Found[];
}
