import type { ProcessCode, ProcessDiagnostic } from "./diagnostic.ts";
import { read } from "./parse.ts";
import { totalCapacity } from "./plan.ts";
import { type ProcessGiven, type ProcessSettings, processDefaults } from "./process.ts";
import type { ProcessFacts, ProcessRule } from "./rule.ts";
import { capacityExclusivity } from "./rules/capacity-exclusivity.ts";
import { memoryCeiling } from "./rules/memory-ceiling.ts";
import { stopGraceShort } from "./rules/stop-grace-short.ts";
import { tellProcess } from "./tell.ts";

/**
 * The findings of the rules over what one process is given. The worker asks at its start
 * about itself, the linter about each process that it finds in files.
 */
export function checkProcess(
  given: ProcessGiven,
  settings: ProcessSettings = {},
): readonly ProcessDiagnostic[] {
  const facts: ProcessFacts = { ...given, slots: slotsOf(given) };
  return [
    ...found(capacityExclusivity, facts, settings),
    ...found(memoryCeiling, facts, settings),
    ...found(stopGraceShort, facts, settings),
  ];
}

function found<C extends ProcessCode>(
  rule: ProcessRule<C>,
  facts: ProcessFacts,
  settings: ProcessSettings,
): ProcessDiagnostic[] {
  const finding = rule.find(facts, settings);
  return finding === undefined ? [] : [tellProcess(rule, finding)];
}

/** Runs at once, or `undefined` where that cannot be known. */
function slotsOf({ workloops, capacity }: ProcessGiven): number | undefined {
  if (workloops.state === "known") {
    const { tree, errors } = read(workloops.value);
    return errors.length > 0 ? undefined : totalCapacity(tree);
  }
  if (workloops.state === "unknown" || capacity.state === "unknown") return undefined;
  return capacity.state === "known" ? capacity.value : processDefaults.capacity;
}
