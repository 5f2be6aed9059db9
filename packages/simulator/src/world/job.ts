import type { Chance } from "./chance.ts";

/** How a job of the world behaves. It travels as the source of the job, as JSON. */
export interface Job {
  /** How long its code takes. */
  readonly takesMs: number;
  /** Log lines, spread over its time. */
  readonly lines: number;
  /** What each line begins with, in bytes. */
  readonly width?: number;
  /** The line that is nested deeper than a frame can carry. */
  readonly deepLine?: number;
  /** Whether it goes on to log although it is asked to wait. */
  readonly floods: boolean;
  readonly ends: "success" | "fail" | "crash" | "hang";
  readonly output: "small" | "none" | "too-large" | "large" | "deep";
  /** What a large output, answer or state is made of. */
  readonly text: string;
  /** Says that it uses collections, the way a job's source does: by its name and a dot. */
  readonly uses?: "collections.";
  /** Whether it sets what a waiting webhook is answered. */
  readonly answers: "no" | "short" | "long" | "deep";
}

/** JSON text that is nested more deeply than a worker passes on as it stands. */
export const DEEP = `{"deep":${"[".repeat(600)}${"]".repeat(600)}}`;

export function drawJob(chance: Chance): Job {
  const talks = chance.pick([...silent, ...silent, ...silent, "chats", "shouts"] as const);
  const lines = linesOf(chance, talks);
  const takesMs = talks === "chats" ? lines * chance.between(0.3, 1.2) : timeOf(chance);
  const floods = (lines > 100 || talks === "shouts") && chance.happens(0.5);
  const ends = chance.happens(0.85)
    ? "success"
    : chance.pick(["fail", "fail", "fail", "crash", "hang"] as const);
  const output = chance.happens(0.8)
    ? "small"
    : chance.pick(["none", "too-large", "large", "large", "deep"] as const);
  const text = chance.pick(["a", '"', "\u0001", "é", "字"]).repeat(100 + chance.below(2_000));
  const answers = chance.happens(0.8) ? "no" : chance.pick(["short", "long", "deep"] as const);
  return {
    ...{ takesMs, lines, floods, ends, output, answers },
    // Sources stay short where nothing is made of it: each is written and read many times.
    text: output === "large" || answers === "long" ? text : "",
    ...(chance.happens(0.2) && { uses: "collections." as const }),
    ...(talks === "shouts" && { width: 100 + chance.below(2_400) }),
    ...(chance.happens(0.03) && { deepLine: chance.below(3) }),
  };
}

/** How jobs talk, most of them: a few lines, spread over their time. */
const silent = ["mutters", "mutters", "mutters", "mutters", "mutters", "mutters"] as const;

/** One that chats says a line about every millisecond; one that shouts has long lines. */
function linesOf(chance: Chance, talks: "mutters" | "chats" | "shouts"): number {
  if (talks === "chats") return 8 + chance.below(20);
  if (talks === "shouts") return 10 + chance.below(90);
  return chance.happens(0.02) ? 100 + chance.below(200) : chance.below(4);
}

function timeOf(chance: Chance): number {
  return chance.happens(0.8) ? chance.between(1, 400) : chance.between(400, 12_000);
}

export function readJob(source: string | undefined): Job {
  if (source === undefined || source === "") {
    return {
      ...{ takesMs: 0, lines: 0, floods: false, text: "" },
      ...{ ends: "success", output: "small", answers: "no" },
    };
  }
  return JSON.parse(source) as Job;
}
