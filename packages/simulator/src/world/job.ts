import type { Chance } from "./chance.ts";

/** How a job of the world behaves. It travels as the source of the job, as JSON. */
export interface Job {
  /** How long its code takes. */
  readonly takesMs: number;
  /** Log lines, spread over its time. */
  readonly lines: number;
  readonly ends: "success" | "fail" | "crash" | "hang";
  readonly output: "small" | "none" | "too-large";
  /** Says that it uses collections, the way a job's source does: by its name and a dot. */
  readonly uses?: "collections.";
  /** Whether it sets what a waiting webhook is answered. */
  readonly answers: boolean;
}

export function drawJob(chance: Chance): Job {
  return {
    takesMs: chance.happens(0.8) ? chance.between(1, 400) : chance.between(400, 12_000),
    lines: chance.happens(0.004) ? 800 + chance.below(2_200) : chance.below(4),
    ends: chance.happens(0.85) ? "success" : chance.pick(["fail", "fail", "fail", "crash", "hang"]),
    output: chance.happens(0.9) ? "small" : chance.pick(["none", "too-large"]),
    answers: chance.happens(0.1),
    ...(chance.happens(0.2) && { uses: "collections." as const }),
  };
}

export function readJob(source: string | undefined): Job {
  if (source === undefined || source === "") {
    return { takesMs: 0, lines: 0, ends: "success", output: "small", answers: false };
  }
  return JSON.parse(source) as Job;
}
