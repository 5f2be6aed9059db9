import type { Chance } from "./chance.ts";

/** How a job of the world behaves. It travels as the source of the job, as JSON. */
export interface Job {
  /** How long its code takes. */
  readonly takesMs: number;
  /** Log lines, spread over its time. */
  readonly lines: number;
  /** Whether it goes on to log although it is asked to wait. */
  readonly floods: boolean;
  readonly ends: "success" | "fail" | "crash" | "hang";
  readonly output: "small" | "none" | "too-large" | "large";
  /** What a large output, answer or state is made of. */
  readonly text: string;
  /** Says that it uses collections, the way a job's source does: by its name and a dot. */
  readonly uses?: "collections.";
  /** Whether it sets what a waiting webhook is answered. */
  readonly answers: "no" | "short" | "long";
}

export function drawJob(chance: Chance): Job {
  const lines = chance.happens(0.02) ? 100 + chance.below(200) : chance.below(4);
  const takesMs = chance.happens(0.8) ? chance.between(1, 400) : chance.between(400, 12_000);
  const floods = lines > 100 && chance.happens(0.5);
  const ends = chance.happens(0.85)
    ? "success"
    : chance.pick(["fail", "fail", "fail", "crash", "hang"] as const);
  const output = chance.happens(0.8)
    ? "small"
    : chance.pick(["none", "too-large", "large", "large"] as const);
  const text = chance.pick(["a", '"', "\u0001", "é", "字"]).repeat(100 + chance.below(2_000));
  const answers = chance.happens(0.8) ? "no" : chance.pick(["short", "long"] as const);
  return {
    ...{ takesMs, lines, floods, ends, output, answers },
    // Sources stay short where nothing is made of it: each is written and read many times.
    text: output === "large" || answers === "long" ? text : "",
    ...(chance.happens(0.2) && { uses: "collections." as const }),
  };
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
