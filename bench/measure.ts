import { performance } from "node:perf_hooks";

/** One figure: a median and a 95th percentile in `unit`, with what it is held against in the same run. */
export interface Row {
  readonly name: string;
  readonly unit: "ns" | "µs" | "ms" | "s" | "MiB" | "x" | "1/s" | "count";
  readonly median: number;
  readonly p95: number;
  /** The figure's limit in the same unit; the sense says which side of it is good. */
  readonly limit?: {
    readonly value: number;
    readonly sense: "at most" | "at least";
    readonly of: "median" | "p95";
  };
}

/** The value below which the share `p` (0 to 1) of the samples lies. */
export function percentile(samples: readonly number[], p: number): number {
  if (samples.length === 0) throw new Error("A percentile needs at least one sample.");
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** A row from its samples. */
export function row(
  name: string,
  unit: Row["unit"],
  samples: readonly number[],
  limit?: NonNullable<Row["limit"]>,
): Row {
  const figures = { name, unit, median: percentile(samples, 0.5), p95: percentile(samples, 0.95) };
  return limit === undefined ? figures : { ...figures, limit };
}

/** Milliseconds that each of `times` calls took, after `warmUp` calls that do not count. */
export async function sample(
  times: number,
  work: () => unknown,
  warmUp = Math.ceil(times / 10),
): Promise<number[]> {
  for (let i = 0; i < warmUp; i += 1) await work();
  const samples: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const start = performance.now();
    await work();
    samples.push(performance.now() - start);
  }
  return samples;
}
