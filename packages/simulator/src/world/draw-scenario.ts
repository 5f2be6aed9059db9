import { type Chance, createChance } from "./chance.ts";
import { matrix, type RowNumber } from "./matrix.ts";
import type { Scenario } from "./scenario.ts";

const configurations: readonly string[] = [
  "fast_lane:1 manual>*:4",
  "fast_lane:2 *:3",
  "manual>*:5",
  "*:1",
  "fast_lane:1 manual:1 *:1",
  "fast_lane>manual>*:2 default>*:2",
  "*:1 *:1",
  "fast_lane:1 fast_lane>*:1 manual>default>*:3",
  "default:3 manual:2 fast_lane:1",
  "__proto__:1 *:3",
];

/** Every so many worlds, nothing keeps a worker from reporting what it ends at its drain deadline. */
const DRAINS = 16;
const drains = {
  rows: [5, 11, 12, 18, 20, 24],
  rate: 0.4,
  latencyMs: { from: 1, to: 8 },
  drainMs: 20,
} as const satisfies Partial<Scenario>;

/** The scenario of a seed: every third has one row alone, the others have some together. */
export function drawScenario(seed: number): Scenario {
  const chance = createChance(seed, "scenario");
  const rows = drawRows(chance, seed);
  const isCalm = rows.length <= 1;
  const backoffMinMs = chance.pick([100, 500, 1_000]);
  return {
    seed,
    configuration: chance.pick(configurations),
    rows,
    rate: isCalm ? chance.pick([0.1, 0.3, 0.5]) : chance.pick([0.03, 0.06, 0.12]),
    runs: 40 + chance.below(60),
    arrivalMs: chance.pick([20, 150, 400]),
    healAtMs: 60_000 + chance.below(60_000),
    latencyMs: chance.pick([
      { from: 0.05, to: 0.3 },
      { from: 1, to: 8 },
      { from: 5, to: 150 },
    ]),
    timing: {
      backoffMinMs,
      backoffMaxMs: backoffMinMs * chance.pick([1, 4, 10]),
      claimTimeoutMs: drawClaimTimeout(chance, rows, seed),
      messageTimeoutMs: chance.pick([2_000, 5_000, 10_000]),
      queueJoinTimeoutMs: chance.pick([2_000, 10_000]),
      openTimeoutMs: chance.pick([2_000, 10_000]),
      heartbeatMs: chance.pick([5_000, 30_000]),
      retryMaxMs: chance.pick([1_000, 5_000]),
    },
    batchLogs: chance.happens(0.4),
    wakeUps: !chance.happens(0.1),
    wakeUpWindowMs: chance.pick([0, 500]),
    checksTokens: rows.includes(16) || rows.includes(27) || chance.happens(0.5),
    // A worker whose clock is wrong misjudges when a token ends.
    shortTokens: chance.happens(0.25) && !rows.includes(25),
    collections: chance.happens(0.2),
    resendDelayMs: chance.pick([0, 0, 300]),
    polling: !chance.happens(0.05),
    journal: chance.happens(0.7) ? "kept" : chance.pick(["slow", "slow", "none", "full"]),
    rollback: chance.happens(0.1),
    keyClash: chance.happens(0.8) ? "error" : "crash",
    drainMs: chance.pick([20, 500, 5_000, 30_000]),
    leanPlans: chance.happens(0.7),
    ...(seed % DRAINS === 0 && drains),
  };
}

/** Longer than a timer of Node takes, where no claim is left unanswered on a socket that stays. */
const ENDLESS_MS = 2 ** 31 + 1_000;

function drawClaimTimeout(chance: Chance, rows: readonly RowNumber[], seed: number): number {
  const timeoutMs = chance.pick([400, 2_000, 5_000, 20_000]);
  const mayBeEndless = !rows.includes(1) && !rows.includes(2);
  const isEndless = mayBeEndless && createChance(seed, "endless").happens(0.1);
  return isEndless ? ENDLESS_MS : timeoutMs;
}

function drawRows(chance: Chance, seed: number): readonly RowNumber[] {
  if (seed % 3 === 0) {
    const alone = matrix[Math.floor(seed / 3) % matrix.length];
    return alone === undefined ? [] : [alone.row];
  }
  const share = chance.pick([0.1, 0.25, 0.5, 1]);
  return matrix.filter(() => chance.happens(share)).map(({ row }) => row);
}
