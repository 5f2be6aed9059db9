import type { Fact } from "../world/fact.ts";
import { WORLD_LIMITS } from "../world/world.ts";
import type { Holdings } from "./holdings.ts";
import type { Bench, Judge } from "./judge.ts";
import { followMalformed } from "./malformed.ts";
import { type Answered, followRequests, type Requests } from "./requests.ts";

type Log = Extract<Fact, { readonly type: "log" }>;

/** A line that has to be said within this step. */
interface Owed {
  readonly line: RegExp;
  readonly run?: string | undefined;
  readonly why: string;
}

/**
 * What an operator has to be told is told, in the step in which it happens: every claim, every
 * grant and what became of it, every refusal, what is left out, and what is lost.
 */
export function judgeSayings(bench: Bench, holdings: Holdings): Judge {
  const { accuse } = bench;
  const requests = followRequests(bench);
  const malformed = followMalformed(bench);
  let owed: Owed[] = [];
  /** Lines that nobody has asked for yet. */
  let said: Log[] = [];
  const lines = new Map<string, string[]>();
  const everSaid: string[] = [];
  /** Runs that are only ended with a reason, and are not ended yet. */
  const unwanted = new Set<string>();
  const badTokens = new Set<string>();
  let drainsUntil = Number.POSITIVE_INFINITY;
  let isCutShort = false;

  const owe = (line: RegExp, why: string, run?: string): void => {
    owed.push({ line, why, run });
  };
  const settle = (): void => {
    for (const { line, why, run } of owed) {
      const place = said.findIndex(
        ({ message, fields }) => line.test(message) && (run === undefined || fields.run === run),
      );
      if (place < 0) accuse(6, `${why}, and no line says so`);
      else said.splice(place, 1);
    }
    const spurious = said.find(({ message }) => message.startsWith("Lightning refused "));
    if (spurious !== undefined) accuse(6, `nothing was refused, and a line says so`);
    owed = [];
    said = [];
  };
  const onLog = (log: Log): void => {
    said.push(log);
    everSaid.push(log.message);
    const { run } = log.fields;
    if (run !== undefined && isUnwanted.test(log.message)) unwanted.add(run);
    if (unwanted.size > WORLD_LIMITS.unwantedRuns) accuse(7, `${unwanted.size} unwanted runs`);
    if (run !== undefined) lines.set(run, [...(lines.get(run) ?? []), log.message]);
    if (log.message.startsWith("given up") && holdings.open.size <= WORLD_LIMITS.unwantedRuns) {
      accuse(2, `${run} is given up although few runs are held`);
    }
  };

  return {
    see: (fact) => {
      const answered = requests.see(fact);
      if (malformed.see(fact)) owe(/^ignored: /, "it is no reply");
      if (answered !== undefined) owed.push(...owedForAnswer(answered, requests));
      if (fact.type === "fault" && fact.detail.startsWith("a bad token for ")) {
        badTokens.add(fact.detail.split(" ").at(-1) ?? "");
      }
      if (fact.type === "log") onLog(fact);
      else if (fact.type === "process-started") {
        everSaid.length = 0;
        unwanted.clear();
        drainsUntil = Number.POSITIVE_INFINITY;
        isCutShort = false;
      } else if (fact.type === "sigterm") {
        if (fact.withinMs === 0) isCutShort = true;
        else drainsUntil = Math.min(drainsUntil, bench.now() + fact.withinMs);
      } else if (fact.type === "process-killed") {
        owed = [];
        said = [];
      } else if (fact.type === "process-stopped") {
        if (fact.left.length > 0 && !everSaid.some((line) => line.startsWith("stopped with"))) {
          accuse(5, "it stops with runs unfinished, and no line says so");
        }
        const isOver = !isCutShort && bench.now() > drainsUntil + 1;
        if (isOver && !everSaid.some((line) => line.startsWith("the time to drain is over"))) {
          accuse(5, "its time to drain was over, and no line says so");
        }
      } else if (fact.type === "journal") {
        const { run } = fact.entry;
        if (fact.entry.type === "ended") unwanted.delete(run);
        if (fact.entry.type === "claimed") {
          owe(/^claimed$|waits for a slot|did not execute/, `${run} was handed out`, run);
        } else if (fact.entry.type === "ended" && !lines.get(run)?.at(-1)?.startsWith("given up")) {
          owe(/^ended: /, `${run} is over`, run);
        }
      } else owed.push(...owedForFact(fact));
    },
    afterStep: settle,
    atEnd: () => {
      for (const { id, errorType, ends } of bench.ledger.runs.values()) {
        const own = lines.get(id) ?? [];
        if (own.includes("ended: lost") && !own.some((line) => line.startsWith("lost: "))) {
          accuse(6, `${id} is lost, and no line says why`);
        }
        if (ends.at(-1)?.workerId == null || !concluded.has(errorType ?? "")) continue;
        if (!own.some((line) => line.startsWith("ends with "))) {
          accuse(6, `${id} ends with ${errorType}, and no line says so`);
        }
      }
      for (const id of badTokens) {
        const own = lines.get(id) ?? [];
        if (!own.some((line) => line.startsWith("ended: "))) continue;
        if (own.some((line) => line.startsWith("The token "))) continue;
        accuse(6, `the token of ${id} is bad, and no line says so`);
      }
    },
  };
}

const isUnwanted = /^The worker did not execute|^The worker ended while/;

/** Ends that the worker gives to runs that it does not execute. */
const concluded = new Set(["PlanError", "DataClipError", "CredentialLoadError", "InvalidToken"]);

function owedForFact(fact: Fact): readonly Owed[] {
  switch (fact.type) {
    case "opened":
      return [{ line: /is open$/, why: "the socket is open" }];
    case "closed":
      return [{ line: /^no socket/, why: "the socket is gone" }];
    case "garbled":
      return [{ line: /^ignored what Lightning sent/, why: "what came is no frame" }];
    case "woken-late":
      return [{ line: /not scheduled in time/, why: "the worker slept" }];
    case "observe":
      return owedForObservation(fact.observation);
    case "sent":
      return fact.frame.event === "claim" ? [{ line: /^claims at most/, why: "it claims" }] : [];
    default:
      return [];
  }
}

const outcomeLines: Readonly<Record<string, RegExp>> = {
  lost: /open when the connection went/,
  refused: /^the claim was refused/,
  unanswered: /^a claim was not answered/,
};

function owedForObservation(
  observation: Extract<Fact, { type: "observe" }>["observation"],
): readonly Owed[] {
  if (observation.type === "drain" && observation.state === "begun") {
    return [{ line: /^draining: /, why: "it drains" }];
  }
  if (observation.type === "late-reply") {
    return [{ line: /^a claim was answered after/, why: "a reply was late" }];
  }
  if (observation.type !== "claim") return [];
  const line = outcomeLines[observation.outcome];
  return line === undefined ? [] : [{ line, why: `a claim is ${observation.outcome}` }];
}

function owedForAnswer(answered: Answered, requests: Requests): readonly Owed[] {
  const { topic, run, event, kind } = answered;
  const what = `${event} of ${run}`;
  switch (kind) {
    case "joined":
      return run === undefined ? [{ line: /^joined the queue/, why: "the queue is joined" }] : [];
    case "join-refused":
      return [{ line: /^cannot join|^lost: /, why: `the join of ${topic} is refused`, run }];
    case "ended-by-server": {
      const ended: Owed = { line: /^the server ended the channel/, why: `${topic} is ended` };
      if (!requests.crashes(answered)) return [ended];
      const why = `${what} crashes its channel again`;
      return [ended, { line: /crashes the run's channel/, why, run }];
    }
    case "unanswered":
      return [{ line: /was not answered in time/, why: `${what} is not answered`, run }];
    case "clip-unknown":
      return [{ line: /^the final dataclip is unknown/, why: `${what} names no clip`, run }];
    case "refused":
      return [{ line: /^Lightning refused /, why: `${what} is refused`, run }];
  }
}
