import { setTimeout } from "node:timers/promises";
import type { Act, Judge } from "../proxy/fault-proxy.ts";
import { type Chance, pick } from "./chance.ts";

/** One message in so many meets a fault. A run has some thirty, so every third run has one. */
const ONE_IN = 90;

/** Longer than the message timeout of a soak's worker, so that some answers come too late. */
const LATEST_MS = 3_000;

type Named = "late" | Exclude<Act, object>;

/** Cuts are rare, since each meets every run of the worker. */
const weights: readonly (readonly [number, Named])[] = [
  [30, "drop"],
  [25, "late"],
  [20, "twice"],
  [20, "swap"],
  [2, "cut-inside"],
  [2, "cut-before"],
  [2, "cut-after"],
  [0.5, "half-open"],
];

/** Draws a fault for some messages, and counts each by its name. */
export function messageFaults(chance: Chance, count: (name: string) => void): Judge {
  return () => {
    if (chance() * ONE_IN >= 1) return undefined;
    const name = pick(chance, weights);
    count(`message ${name}`);
    return name === "late" ? { until: setTimeout(chance() * LATEST_MS) } : name;
  };
}
