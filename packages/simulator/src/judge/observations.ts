import { type Frame, phoenix, QUEUE_TOPIC, queueEvent } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import type { Bench, Judge } from "./judge.ts";

type Observation = Extract<Fact, { readonly type: "observe" }>["observation"];

/**
 * What metrics are told is what happened: every claim with its outcome once, every start and end
 * of a run, every join and every connection lost, and the beginning and end of a drain.
 */
export function judgeObservations({ accuse, ledger, plan }: Bench): Judge {
  /** What is owed and not told, by what it is. A debt of less than nothing was told without a cause. */
  const owed = new Map<string, number>();
  let isOpen = false;
  let joinRef: string | null | undefined;
  let mayBeLost = false;
  let joins = 0;
  let isDraining = false;
  let openClaims = 0;
  const outcomes = new Map<string, string>();
  let lastOutcome = "";
  let drainsEnded = 0;

  const owe = (what: string, count = 1): void => {
    owed.set(what, (owed.get(what) ?? 0) + count);
  };
  const settle = (): void => {
    if (owed.size === 0) return;
    for (const [what, count] of owed) {
      if (count !== 0) accuse(6, `metrics are told ${what} ${-count} times too often`);
    }
    owed.clear();
  };
  const begin = (): void => {
    owed.clear();
    isOpen = false;
    joins = 0;
    isDraining = false;
    openClaims = 0;
    drainsEnded = 0;
  };
  const onObserved = (observation: Observation): void => {
    switch (observation.type) {
      case "claim":
        openClaims -= 1;
        if (openClaims < 0) accuse(6, "metrics are told of more claims than there are");
        return;
      case "late-reply":
        owe("a late reply", -1);
        return;
      case "run-started":
        owe("the start of a run", -1);
        return;
      case "run-ended":
        lastOutcome = observation.outcome;
        owe("the end of a run", -1);
        return;
      case "joined":
        owe(observation.again ? "a join after a reconnect" : "the first join", -1);
        return;
      case "disconnected":
        if (!mayBeLost) accuse(6, "metrics are told of a connection lost that was none");
        mayBeLost = false;
        owed.delete("a connection lost");
        return;
      case "drain":
        if (observation.state === "begun") owe("the beginning of a drain", -1);
        else drainsEnded += 1;
        return;
    }
  };
  const onSent = ({ topic, event, ref }: Frame): void => {
    if (topic !== QUEUE_TOPIC) return;
    if (event === phoenix.join) joinRef = ref;
    if (event === phoenix.leave) joinRef = undefined;
    if (event !== queueEvent.claim) return;
    openClaims += 1;
    if (openClaims > plan.groups.length) accuse(6, "metrics are not told how a claim ended");
  };
  const onRead = ({ topic, event, ref, payload }: Frame): void => {
    if (topic !== QUEUE_TOPIC) return;
    const { status } = payload as { status?: unknown };
    if (event !== phoenix.reply || ref !== joinRef || status === "perhaps") return;
    joinRef = undefined;
    if (status !== "ok") return;
    joins += 1;
    owe(joins > 1 ? "a join after a reconnect" : "the first join");
  };
  const onClosed = (isLoss: boolean): void => {
    if (isOpen && isLoss) owe("a connection lost");
    mayBeLost = isOpen;
    isOpen = false;
  };

  return {
    see: {
      observe: ({ observation }) => onObserved(observation),
      sent: ({ frame }) => onSent(frame),
      read: ({ frame }) => onRead(frame),
      opened: () => {
        isOpen = true;
      },
      closed: () => onClosed(true),
      // One that drains closes its socket because it is given up, or because it is done.
      closing: () => onClosed(!isDraining),
      engine: ({ event }) => {
        if (event.type === "workflow-start") owe("the start of a run");
      },
      log: ({ message, fields: { run = "" } }) => {
        if (message.startsWith("a claim was answered after")) owe("a late reply");
        if (message.startsWith("ended: ")) outcomes.set(run, lastOutcome);
      },
      sigterm: () => {
        if (!isDraining) owe("the beginning of a drain");
        isDraining = true;
      },
      "process-stopped": () => {
        if (drainsEnded !== 1)
          accuse(6, `metrics are told ${drainsEnded} times that a drain ended`);
      },
      journal: ({ entry }) => {
        if (entry.type === "ended") owe("the end of a run");
      },
      "process-started": begin,
      "process-killed": begin,
    },
    afterStep: settle,
    atEnd: () => {
      for (const run of ledger.runs.values()) {
        if (!outcomes.has(run.id) || run.ends[0]?.workerId == null) continue;
        const told = outcomes.get(run.id);
        if (told === "lost") continue;
        if (run.reason !== told) accuse(6, `metrics are told ${told} of ${run.id}: ${run.reason}`);
      }
    },
  };
}
