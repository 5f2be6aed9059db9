import type { RuleText } from "@workloops/parser";
import type { Finding, Settings } from "../finding.ts";
import type { Trap } from "../hosts/host.ts";
import type { Process } from "../process.ts";

/** A rule over the host's own syntax: the host finds the trap, the rule says what to do. */
export interface TrapRule extends RuleText<Trap["code"]> {
  /** What to write instead, as the end of the sentence that the trap begins. */
  readonly advice: string;
}

/** What a rule may know beside the process. */
export interface RuleContext {
  /** The file that is asked about; its places come first. */
  readonly uri: string;
  readonly settings: Settings;
}

/** A finding before its code and severity. */
export type Found = Omit<Finding, "code" | "severity">;

/** A rule over one process, with everything that other files give to it. */
export interface ProcessRule extends RuleText {
  readonly find: (process: Process, context: RuleContext) => readonly Found[];
}
