import { phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import type { Bench, Judge } from "./judge.ts";
import { runsIn } from "./runs-in.ts";

/** Row 5: what came beyond the free slots of a lane is started in the order in which it came. */
export function judgeArrival({ plan, accuse }: Bench): Judge {
  /** Chains by the ref of the claim; groups that share one fill up side by side, and are left out. */
  const chains = new Map<string, string>();
  /** Runs that have come and not begun, in order, by run: the chain. */
  const waiting = new Map<string, string>();
  const known = new Set<string>();
  const isShared = (chain: string): boolean =>
    plan.groups.filter((group) => group.chain === chain).length > 1;

  const onBegun = (run: string): void => {
    const chain = waiting.get(run);
    for (const [other, of] of waiting) {
      if (other === run) break;
      if (of === chain) accuse(7, `${run} is started before ${other}, which came before it`);
    }
    waiting.delete(run);
  };

  return {
    see: (fact) => {
      switch (fact.type) {
        case "sent": {
          const { topic, event, ref, payload } = fact.frame;
          if (topic !== QUEUE_TOPIC || event !== "claim") return;
          chains.set(ref ?? "", (payload as { queues: readonly string[] }).queues.join(">"));
          return;
        }
        case "read": {
          const { topic, event, ref, payload } = fact.frame;
          const chain = chains.get(ref ?? "");
          if (topic !== QUEUE_TOPIC || event !== phoenix.reply || chain === undefined) return;
          chains.delete(ref ?? "");
          for (const id of runsIn(payload)) {
            if (!known.has(id) && !isShared(chain)) waiting.set(id, chain);
            known.add(id);
          }
          return;
        }
        case "log":
          if (fact.message === "claimed") onBegun(fact.fields.run ?? "");
          else if (fact.message.includes("did not execute")) waiting.delete(fact.fields.run ?? "");
          return;
        case "process-started":
          chains.clear();
          waiting.clear();
          known.clear();
          return;
      }
    },
  };
}
