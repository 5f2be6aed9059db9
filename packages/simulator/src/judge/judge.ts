import type { Ledger } from "@workloops/local-lightning/run-ledger";
import type { Plan } from "@workloops/parser";
import type { Fact } from "../world/fact.ts";
import type { Scenario } from "../world/scenario.ts";

/** What a judge may know: the server's ledger, the clock, and what was asked for. */
export interface Bench {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly now: () => number;
  /** The first accusation ends the world. */
  readonly accuse: (invariant: number, detail: string) => void;
}

/** Watches one invariant: it sees every fact, and is asked after each step and at the end. */
export interface Judge {
  see?(fact: Fact): void;
  afterStep?(): void;
  atEnd?(): void;
}
