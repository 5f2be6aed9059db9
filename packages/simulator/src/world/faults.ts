import type { Chance } from "./chance.ts";
import type { Tell } from "./fact.ts";
import type { RowNumber } from "./matrix.ts";
import type { Scenario } from "./scenario.ts";

/** Decides where the faults of a scenario strike, and counts them. */
export interface Faults {
  readonly fired: ReadonlyMap<RowNumber, number>;
  /**
   * True where this row strikes now. `scale` makes it likelier or rarer than the scenario's rate;
   * `chain` is the lane that it is about, where it is about one.
   */
  strikes(row: RowNumber, detail: string, scale?: number, chain?: string | null): boolean;
  isArmed(row: RowNumber): boolean;
  heal(): void;
}

export function createFaults(scenario: Scenario, chance: Chance, tell: Tell): Faults {
  const fired = new Map<RowNumber, number>();
  const armed = new Set(scenario.rows);
  return {
    fired,
    strikes: (row, detail, scale = 1, chain = undefined) => {
      if (scenario.aimedAt !== undefined && scenario.aimedAt !== chain) return false;
      if (!armed.has(row) || !chance.happens(Math.min(1, scenario.rate * scale))) return false;
      fired.set(row, (fired.get(row) ?? 0) + 1);
      tell({ type: "fault", row, detail });
      return true;
    },
    isArmed: (row) => armed.has(row),
    heal: () => {
      armed.clear();
      tell({ type: "healed" });
    },
  };
}
