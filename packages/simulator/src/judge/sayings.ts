import type { JournalEntry } from "@workloops/worker/core";
import { queueEvent } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import { WORLD_LIMITS } from "../world/world.ts";
import { followClaims } from "./follow-claims.ts";
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
  const claims = followClaims();
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
    if (owed.length === 0 && said.length === 0) return;
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
  const linesOf = (run: string): string[] => {
    const known = lines.get(run) ?? [];
    lines.set(run, known);
    return known;
  };
  const onLog = (log: Log): void => {
    said.push(log);
    everSaid.push(log.message);
    const { run } = log.fields;
    if (run !== undefined && isUnwanted.test(log.message)) unwanted.add(run);
    if (unwanted.size > WORLD_LIMITS.unwantedRuns) accuse(7, `${unwanted.size} unwanted runs`);
    if (run !== undefined) linesOf(run).push(log.message);
    if (log.message.startsWith("given up") && holdings.open.size <= WORLD_LIMITS.unwantedRuns) {
      accuse(2, `${run} is given up although few runs are held`);
    }
  };
  const oweFor = (answered: Answered | undefined): void => {
    if (answered !== undefined) owed.push(...owedForAnswer(answered, requests));
  };
  const onJournal = ({ type, run }: JournalEntry): void => {
    if (type === "claimed") {
      owe(/^claimed$|waits for a slot|did not execute/, `${run} was handed out`, run);
    }
    if (type !== "ended") return;
    unwanted.delete(run);
    if (lines.get(run)?.at(-1)?.startsWith("given up")) return;
    owe(/^ended: /, `${run} is over`, run);
  };
  const onStopped = (left: readonly string[]): void => {
    if (left.length > 0 && !everSaid.some((line) => line.startsWith("stopped with"))) {
      accuse(5, "it stops with runs unfinished, and no line says so");
    }
    const isOver = !isCutShort && bench.now() > drainsUntil + 1;
    if (isOver && !everSaid.some((line) => line.startsWith("the time to drain is over"))) {
      accuse(5, "its time to drain was over, and no line says so");
    }
  };

  return {
    see: {
      sent: (fact) => {
        oweFor(requests.sent(fact));
        claims.sent(fact.frame);
        if (fact.frame.event === queueEvent.claim) owe(/^claims at most/, "it claims");
      },
      read: ({ frame }) => {
        oweFor(requests.read(frame));
        for (let left = claims.read(frame)?.unreadable ?? 0; left > 0; left -= 1) {
          owe(/^a run that was handed out cannot be read/, "a run of a reply is of no use");
        }
        if (malformed.read(frame)) owe(/^ignored: /, "it is no reply");
      },
      opened: () => owe(/is open$/, "the socket is open"),
      closing: requests.disconnected,
      closed: () => {
        requests.disconnected();
        owe(/^no socket/, "the socket is gone");
      },
      garbled: () => owe(/^ignored what Lightning sent/, "what came is no frame"),
      "woken-late": () => owe(/not scheduled in time/, "the worker slept"),
      released: ({ runs }) => {
        // It is handed out again, with another token.
        for (const run of runs) badTokens.delete(run);
      },
      execute: ({ run }) => {
        const isBad = lines.get(run)?.some((line) => line.startsWith("The token "));
        if (isBad) accuse(2, `${run} is executed although its token is bad`);
      },
      observe: ({ observation }) => {
        owed.push(...owedForObservation(observation));
      },
      fault: ({ detail }) => {
        if (detail.startsWith("a bad token for ")) badTokens.add(detail.split(" ").at(-1) ?? "");
      },
      log: (line) => {
        malformed.log(line);
        onLog(line);
      },
      journal: ({ entry }) => onJournal(entry),
      "process-started": () => {
        requests.forget();
        claims.forget();
        malformed.forget();
        everSaid.length = 0;
        unwanted.clear();
        drainsUntil = Number.POSITIVE_INFINITY;
        isCutShort = false;
      },
      sigterm: ({ withinMs }) => {
        if (withinMs === 0) isCutShort = true;
        else drainsUntil = Math.min(drainsUntil, bench.now() + withinMs);
      },
      "process-killed": () => {
        owed = [];
        said = [];
      },
      "process-stopped": ({ left }) => onStopped(left),
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
