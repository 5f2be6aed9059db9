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
  return {
    takesMs: chance.happens(0.8) ? chance.between(1, 400) : chance.between(400, 12_000),
    lines,
    floods: lines > 100 && chance.happens(0.5),
    ends: chance.happens(0.85) ? "success" : chance.pick(["fail", "fail", "fail", "crash", "hang"]),
    output: chance.happens(0.8) ? "small" : chance.pick(["none", "too-large", "large", "large"]),
    text: chance.pick(["a", '"', "\u0001", "é", "字"]).repeat(100 + chance.below(2_000)),
    answers: chance.happens(0.8) ? "no" : chance.pick(["short", "long"]),
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
