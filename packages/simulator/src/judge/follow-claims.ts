import { type Frame, phoenix, QUEUE_TOPIC, queueEvent } from "@workloops/worker/protocol";
import { runsIn, unreadableIn } from "./runs-in.ts";

/** The reply to a claim: the chain that claimed, and the runs that it brings. */
export interface Brought {
  readonly chain: string;
  readonly runs: readonly string[];
  /** How many entries are no runs. */
  readonly unreadable: number;
}

/** Knows whose claim each reply on the queue's channel answers, for as long as one process lives. */
export interface Claims {
  sent(frame: Frame): void;
  /** @returns what this brings, where it answers a claim */
  read(frame: Frame): Brought | undefined;
  /** Another process begins. */
  forget(): void;
}

export function followClaims(): Claims {
  /** Chains of the claims, by ref. */
  const chains = new Map<string, string>();
  return {
    sent: ({ topic, event, ref, payload }) => {
      if (topic !== QUEUE_TOPIC || event !== queueEvent.claim) return;
      chains.set(ref ?? "", (payload as { queues: readonly string[] }).queues.join(">"));
    },
    read: ({ topic, event, ref, payload }) => {
      if (topic !== QUEUE_TOPIC || event !== phoenix.reply) return undefined;
      const chain = chains.get(ref ?? "");
      if (chain === undefined) return undefined;
      // A second one answers nothing any more.
      chains.delete(ref ?? "");
      return { chain, runs: runsIn(payload), unreadable: unreadableIn(payload) };
    },
    forget: () => chains.clear(),
  };
}
