import { phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import { runsIn } from "./runs-in.ts";

/** The reply to a claim: the chain that claimed, and the runs that it brings. */
export interface Brought {
  readonly chain: string;
  readonly runs: readonly string[];
}

/** Knows whose claim each reply on the queue's channel answers, for as long as one process lives. */
export function followClaims(): (fact: Fact) => Brought | undefined {
  /** Chains of the claims, by ref. */
  const chains = new Map<string, string>();
  return (fact) => {
    if (fact.type === "process-started") chains.clear();
    if (fact.type !== "sent" && fact.type !== "read") return undefined;
    const { topic, event, ref, payload } = fact.frame;
    if (topic !== QUEUE_TOPIC) return undefined;
    if (fact.type === "sent") {
      if (event !== "claim") return undefined;
      chains.set(ref ?? "", (payload as { queues: readonly string[] }).queues.join(">"));
      return undefined;
    }
    const chain = chains.get(ref ?? "");
    if (event !== phoenix.reply || chain === undefined) return undefined;
    return { chain, runs: runsIn(payload) };
  };
}
