import type { Fact, Tell } from "../world/fact.ts";
import type { Judge } from "./judge.ts";

/**
 * Brings each fact to the judges that look at its type, in their order. A world tells millions of
 * facts, and most of them matter to few.
 */
export function tellJudges(judges: readonly Judge[]): Tell {
  const seeing = new Map<Fact["type"], Tell[]>();
  for (const { see = {} } of judges) {
    for (const [type, act] of Object.entries(see) as [Fact["type"], Tell][]) {
      const others = seeing.get(type);
      if (others === undefined) seeing.set(type, [act]);
      else others.push(act);
    }
  }
  return (fact) => {
    const acts = seeing.get(fact.type);
    if (acts === undefined) return;
    for (const act of acts) act(fact);
  };
}
