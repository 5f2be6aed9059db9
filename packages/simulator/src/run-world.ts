import { loseRun } from "@workloops/local-lightning/run-ledger";
import { judgeArrival } from "./judge/arrival.ts";
import { judgeAsking } from "./judge/asking.ts";
import { judgeBacklog } from "./judge/backlog.ts";
import { judgeBatches } from "./judge/batches.ts";
import { judgeBounds } from "./judge/bounds.ts";
import { judgeCauses } from "./judge/causes.ts";
import { judgeChannels } from "./judge/channels.ts";
import { type ClaimedAgain, judgeClaiming } from "./judge/claiming.ts";
import { judgeConnection } from "./judge/connection.ts";
import { judgeContents } from "./judge/contents.ts";
import { judgeDrain } from "./judge/drain.ts";
import { judgeEnds } from "./judge/ends.ts";
import { judgeExpiry } from "./judge/expiry.ts";
import { judgeHeirs } from "./judge/heirs.ts";
import { followHoldings } from "./judge/holdings.ts";
import { judgeJoinPayload } from "./judge/join-payload.ts";
import type { Bench, Judge } from "./judge/judge.ts";
import { judgeLines } from "./judge/lines.ts";
import { judgeLosses } from "./judge/losses.ts";
import { judgeObservations } from "./judge/observations.ts";
import { judgePlans } from "./judge/plans.ts";
import { judgeResends } from "./judge/resends.ts";
import { judgeSayings } from "./judge/sayings.ts";
import { judgeSlots } from "./judge/slots.ts";
import { judgeStories } from "./judge/stories.ts";
import { judgeSurplus } from "./judge/surplus.ts";
import { tellJudges } from "./judge/tell-judges.ts";
import type { Fact, Tell } from "./world/fact.ts";
import type { RowNumber } from "./world/matrix.ts";
import type { FailingPort } from "./world/operations.ts";
import type { Scenario } from "./world/scenario.ts";
import { createWorld, type World } from "./world/world.ts";

export interface Violation {
  readonly invariant: number;
  readonly atMs: number;
  readonly detail: string;
}

export interface Outcome {
  readonly scenario: Scenario;
  readonly violation: Violation | undefined;
  readonly steps: number;
  readonly virtualMs: number;
  readonly lives: number;
  /** Runs that a worker has ended. */
  readonly completed: number;
  readonly grantsLost: number;
  readonly fired: ReadonlyMap<RowNumber, number>;
  readonly claimedAgain: Readonly<ClaimedAgain>;
  /** How much the worker and the world did at each port that may fail. */
  readonly operations: Readonly<Record<FailingPort, number>>;
}

/** A world that goes on for so long after it was healed will never come to its end. */
const MAX_AFTER_HEALING_MS = 1_200_000;

/** A world that is this busy turns in circles. */
const MAX_STEPS = 500_000;

/** Lives through one world, and judges it after each step. The first violation ends it. */
export async function runWorld(
  scenario: Scenario,
  trace?: (atMs: number, fact: Fact) => void,
  maxSteps = MAX_STEPS,
): Promise<Outcome> {
  let violation: Violation | undefined;
  let world: World | undefined;
  const now = (): number => world?.agenda.now() ?? 0;
  const accuse = (invariant: number, detail: string): void => {
    violation ??= { invariant, atMs: now(), detail };
  };
  const early: Fact[] = [];
  let tell: Tell = (fact) => early.push(fact);
  const see = (fact: Fact): void => {
    trace?.(now(), fact);
    tell(fact);
  };
  world = createWorld(scenario, see, (detail) => accuse(6, detail));
  const bench: Bench = { scenario, plan: world.plan, ledger: world.ledger, now, accuse };
  const measured = world;
  const slots = judgeSlots(bench);
  const holdings = followHoldings();
  const surplus = judgeSurplus(bench, holdings);
  const ends = judgeEnds(bench, (id) => joinedRuns(measured).includes(id));
  const claiming = judgeClaiming(bench, slots, holdings);
  const judges: readonly Judge[] = [
    // It looks at open claims before the others take them as answered.
    judgeDrain(bench, holdings, slots),
    slots.judge,
    ends.judge,
    claiming,
    judgeStories(bench),
    judgePlans(bench),
    judgeContents(bench),
    judgeBounds(bench, () => measured.alarms),
    // It looks at what is given back before the others take it as held.
    judgeHeirs(bench, holdings, slots, surplus),
    holdings.judge,
    judgeChannels(bench, holdings, () => joinedRuns(measured)),
    surplus.judge,
    judgeBacklog(bench),
    judgeCauses(bench, holdings, slots),
    judgeArrival(bench),
    judgeBatches(bench),
    judgeLines(bench),
    judgeResends(bench),
    judgeObservations(bench),
    judgeSayings(bench, holdings),
    judgeConnection(bench),
    judgeLosses(bench),
    judgeExpiry(bench),
    judgeAsking(bench),
    judgeJoinPayload(bench),
  ];
  tell = tellJudges(judges);
  for (const fact of early) tell(fact);
  const watchful = judges.filter(({ afterStep }) => afterStep !== undefined);

  // A process that was told to end before it began says so in a microtask.
  await null;
  let steps = 0;
  const endless = scenario.healAtMs + MAX_AFTER_HEALING_MS;
  try {
    while (violation === undefined && !world.isOver) {
      if (!world.agenda.next()) throw new Error("nothing is left to happen");
      steps += 1;
      for (const judge of watchful) judge.afterStep?.();
      close(world, ends.abandoned);
      if (world.held.count > 0) await null;
      if (steps > maxSteps) accuse(3, "the world turns in circles");
      if (now() > endless) accuse(3, `the world does not come to its end: ${leftIn(world)}`);
    }
  } catch (error) {
    accuse(0, error instanceof Error ? `thrown: ${error.stack ?? error.message}` : String(error));
  }
  if (violation === undefined) for (const judge of judges) judge.atEnd?.();
  return {
    ...{ scenario, violation, steps },
    virtualMs: now(),
    lives: world.lives,
    completed: completedIn(world),
    grantsLost: ends.lost().length,
    fired: world.faults.fired,
    claimedAgain: claiming.claimedAgain,
    operations: world.operations.counts,
  };
}

/**
 * Asks the last process to end once every run has, or will only be ended by the janitor: that is
 * minutes away, and nothing else happens until then.
 */
function close(world: World, abandoned: (id: string) => boolean): void {
  const { ledger, server } = world;
  if (world.isClosing || world.runsToCome > 0 || world.life === undefined) return;
  for (const id of ledger.queue.entries.keys()) if (!abandoned(id)) return;
  for (const id of [...ledger.queue.entries.keys()]) {
    const run = ledger.runs.get(id);
    if (run !== undefined) loseRun(ledger, run, server.moment());
  }
  world.isClosing = true;
  world.faults.heal();
  world.life.terminate();
}

/** Runs whose channel the server has open for the process that lives now. */
function joinedRuns({ server, life }: World): readonly string[] {
  const ids: string[] = [];
  for (const [connection, channels] of server.connections) {
    if (connection.workerId !== life?.process.id) continue;
    for (const { run } of channels.values()) if (run !== undefined) ids.push(run.run.id);
  }
  return ids;
}

function completedIn({ ledger }: World): number {
  let completed = 0;
  for (const run of ledger.runs.values()) if (run.ends.at(-1)?.workerId) completed += 1;
  return completed;
}

function leftIn({ ledger }: World): string {
  return [...ledger.queue.entries.keys()]
    .map((id) => `${id} is ${ledger.runs.get(id)?.state}`)
    .join(", ");
}
