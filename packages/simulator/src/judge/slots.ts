import { phoenix, QUEUE_TOPIC, queueEvent } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import type { Bench, Judge } from "./judge.ts";
import { runsIn } from "./runs-in.ts";

/** A claim as it can be seen on the wire. */
interface OpenClaim {
  readonly chain: string;
  readonly demand: number;
  readonly sentAt: number;
}

/**
 * What the lanes of the worker hold, reconstructed from frames, journal entries and the engine:
 * claims that may still bring runs, and runs that were handed out and have not ended.
 */
export interface Slots {
  readonly judge: Judge;
  readonly capacities: ReadonlyMap<string, number>;
  /** Slots of this chain that open claims may fill. */
  permitted(chain: string): number;
}

/** Invariant 1: active and permitted slots never exceed a lane's capacity, nor the worker's. */
export function judgeSlots({ plan, now, accuse, scenario }: Bench): Slots {
  const capacities = new Map(Object.entries(plan.join.queues));
  const claims = new Map<string, OpenClaim>();
  const heldBy = new Map<string, string>();
  const known = new Set<string>();
  /** Runs that came beyond what was asked for or in time: they wait, and hold a slot from when they execute. */
  const waiting = new Map<string, string>();
  /** Chains of all claims of this process, by ref: a reply may come long after the claim is over. */
  const chains = new Map<string, string>();
  const executing = new Map<string, string>();

  const count = (by: ReadonlyMap<string, string>, chain: string): number => {
    let found = 0;
    for (const other of by.values()) if (other === chain) found += 1;
    return found;
  };
  const permitted = (chain: string): number => {
    let sum = 0;
    if (claims.size === 0) return sum;
    for (const [ref, claim] of claims) {
      if (claim.sentAt + scenario.timing.claimTimeoutMs <= now()) claims.delete(ref);
      else if (claim.chain === chain) sum += claim.demand;
    }
    return sum;
  };
  const forgetProcess = (): void => {
    claims.clear();
    heldBy.clear();
    executing.clear();
    known.clear();
    chains.clear();
    waiting.clear();
  };

  const onSent = ({ frame }: Extract<Fact, { type: "sent" }>): void => {
    if (frame.topic !== QUEUE_TOPIC) return;
    if (frame.event === phoenix.leave) claims.clear();
    if (frame.event !== queueEvent.claim) return;
    const payload = frame.payload as { demand: number; queues: readonly string[] };
    const chain = payload.queues.join(">");
    const capacity = capacities.get(chain);
    if (capacity === undefined) {
      accuse(1, `a claim of ${chain}, which is no lane`);
      return;
    }
    const taken = count(heldBy, chain) + permitted(chain);
    if (payload.demand < 1 || taken + payload.demand > capacity) {
      accuse(1, `${chain} claims ${payload.demand} with ${taken} of ${capacity} slots taken`);
    }
    const isShared = plan.groups.filter((group) => group.chain === chain).length > 1;
    if (!isShared && taken + payload.demand < capacity) {
      accuse(3, `${chain} claims only ${payload.demand} with ${taken} of ${capacity} slots taken`);
    }
    chains.set(frame.ref ?? "", chain);
    claims.set(frame.ref ?? "", { chain, demand: payload.demand, sentAt: now() });
    const total = [...capacities.keys()].reduce(
      (sum, each) => sum + count(heldBy, each) + permitted(each),
      0,
    );
    if (total > plan.capacity)
      accuse(1, `${total} slots are taken, and there are ${plan.capacity}`);
  };

  const onRead = ({ frame }: Extract<Fact, { type: "read" }>): void => {
    if (frame.topic !== QUEUE_TOPIC) return;
    if (frame.event === phoenix.error || frame.event === phoenix.close) {
      if (frame.joinRef !== "0") claims.clear();
      return;
    }
    const chain = chains.get(frame.ref ?? "");
    if (frame.event !== phoenix.reply || chain === undefined) return;
    const claim = claims.get(frame.ref ?? "");
    claims.delete(frame.ref ?? "");
    const inTime = claim !== undefined && now() < claim.sentAt + scenario.timing.claimTimeoutMs;
    const fresh = runsIn(frame.payload).filter((id) => !known.has(id));
    for (const id of fresh) known.add(id);
    const ahead = count(waiting, chain);
    for (const [place, id] of fresh.entries()) {
      // Behind one that waits, a run waits too.
      const holds = inTime && place < claim.demand && ahead === 0;
      (holds ? heldBy : waiting).set(id, chain);
    }
  };

  /** One that waited is taken up: from here on it holds a slot. */
  const begin = (run: string, chain: string): void => {
    waiting.delete(run);
    heldBy.set(run, chain);
    const capacity = capacities.get(chain) ?? 0;
    const taken = count(heldBy, chain) + permitted(chain);
    if (taken > capacity)
      accuse(1, `${run} is taken up: ${chain} has ${taken} of ${capacity} slots taken`);
  };
  const onExecute = ({ run, lane }: Extract<Fact, { type: "execute" }>): void => {
    executing.set(run, lane);
    heldBy.set(run, lane);
    waiting.delete(run);
    const capacity = capacities.get(lane) ?? 0;
    const active = count(executing, lane);
    const taken = count(heldBy, lane) + permitted(lane);
    if (taken > capacity) accuse(1, `${lane} has ${taken} of ${capacity} slots taken`);
    if (active > capacity) accuse(1, `${lane} executes ${active} runs on ${capacity} slots`);
    if (executing.size > plan.capacity) accuse(1, `${executing.size} runs execute at once`);
  };

  const judge: Judge = {
    see: {
      sent: onSent,
      read: onRead,
      closed: () => claims.clear(),
      closing: () => claims.clear(),
      journal: ({ entry }) => {
        if (entry.type !== "ended") return;
        heldBy.delete(entry.run);
        waiting.delete(entry.run);
      },
      log: ({ message, fields: { run = "", lane = "" } }) => {
        if (message === "claimed") begin(run, lane);
      },
      "given-back": ({ runs }) => {
        for (const { id, chain, started, end } of runs) {
          if (known.has(id)) continue;
          known.add(id);
          if (!started && end === undefined) waiting.set(id, chain);
        }
      },
      // One that is ended with a reason waits no more either.
      "token-asked": ({ run }) => {
        waiting.delete(run);
      },
      execute: onExecute,
      "engine-ended": ({ run }) => {
        executing.delete(run);
      },
      "process-started": forgetProcess,
    },
  };
  return { judge, capacities, permitted };
}
