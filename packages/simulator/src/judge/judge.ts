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

/** What is done where a fact is told, for each type of fact that matters. */
export type Sight = {
  readonly [T in Fact["type"]]?: (fact: Extract<Fact, { readonly type: T }>) => void;
};

/** Watches one invariant: it sees facts, and is asked after each step and at the end. */
export interface Judge {
  readonly see?: Sight;
  afterStep?(): void;
  atEnd?(): void;
}
