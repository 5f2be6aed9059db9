import type { Agenda } from "./agenda.ts";
import { type Chance, createChance } from "./chance.ts";
import type { Execute, RunEvent, Tell } from "./fact.ts";
import type { Faults } from "./faults.ts";
import { DEEP, readJob } from "./job.ts";
import type { Operations } from "./operations.ts";
import type { WorkerProcess } from "./process.ts";
import { createSettlement } from "./settlement.ts";

type RunError = NonNullable<Extract<RunEvent, { type: "workflow-error" }>["error"]>;
type Plan = Parameters<Execute>[0];

export interface EngineWorld {
  readonly agenda: Agenda;
  readonly seed: number;
  readonly faults: Faults;
  readonly tell: Tell;
  readonly process: WorkerProcess;
  readonly wall: () => number;
  readonly capacity: number;
  readonly operations: Operations;
  /** The world goes through Node's microtasks while this is above zero. */
  readonly held: { count: number };
}

/**
 * Executes plans as the real engine does: the same events in the same order, and what it
 * refuses it refuses by throwing. Children die in the ways of the matrix.
 */
export function createEngine(world: EngineWorld): { readonly execute: Execute } {
  let running = 0;
  return {
    execute: (plan, input, options, lane, onEvent) => {
      world.process.boundary();
      const run = plan.id;
      if (running >= world.capacity) {
        throw new Error(`the engine has ${world.capacity} places, and ${run} is one too many`);
      }
      running += 1;
      // Chance of its own for each run: what one lane does changes nothing for another.
      const ofRun = { ...world, chance: createChance(world.seed, `${run}/${world.process.id}`) };
      world.tell({ type: "execute", run, lane, plan, input, options });
      JSON.parse(input);
      return execute(ofRun, plan, options.timeoutMs ?? 0, lane, onEvent, () => {
        running -= 1;
      });
    },
  };
}

interface Execution {
  readonly world: EngineWorld & { readonly chance: Chance };
  readonly run: string;
  readonly startedAt: number;
  readonly onEvent: Parameters<Execute>[4];
  readonly leave: () => void;
  readonly ended: (value: undefined) => void;
  /** The rest of the story: each tells one event and says how long until the next. */
  readonly script: (() => number)[];
  openStep: string | undefined;
  isOver: boolean;
  isPaused: boolean;
}

function execute(
  world: Execution["world"],
  plan: Plan,
  timeoutMs: number,
  lane: string,
  onEvent: Parameters<Execute>[4],
  leave: () => void,
): ReturnType<Execute> {
  const { agenda, process } = world;
  const settlement = createSettlement<void>(agenda);
  const execution: Execution = {
    world,
    run: plan.id,
    startedAt: agenda.now(),
    onEvent,
    leave,
    ended: () => settlement.settle(),
    script: [],
    openStep: undefined,
    isOver: false,
    isPaused: false,
  };
  write(execution, plan, lane);
  agenda.after(world.chance.between(0.5, 40), () => process.enter(() => proceed(execution)));
  if (timeoutMs > 0) {
    const error = { reason: "kill", type: "TimeoutError", message: "It took too long." } as const;
    agenda.after(timeoutMs, () => process.enter(() => breakOff(execution, error)));
  }
  return {
    ended: settlement.promise,
    kill: (error) => {
      process.boundary();
      // Some children are gone before this returns.
      if (world.chance.happens(0.3)) breakOff(execution, error);
      else {
        const delayMs = world.chance.between(0, 5);
        agenda.after(delayMs, () => process.enter(() => breakOff(execution, error)));
      }
    },
  };
}

const DIED = { reason: "crash", type: "ExitError", message: "The child was killed." } as const;

/** The ways in which a child comes to harm, by the matrix. */
const harms: readonly { readonly row: number; readonly error: RunError }[] = [
  { row: 20, error: DIED },
  { row: 21, error: { reason: "kill", type: "OOMError", message: "The run exceeded its memory." } },
  { row: 22, error: { reason: "crash", type: "ExitError", message: "Killed for its memory." } },
];

/** Writes the story of a run, as far as it can be known before. */
function write(execution: Execution, plan: Plan, lane: string): void {
  const { world, script, run } = execution;
  const { chance, faults, agenda, process } = world;
  if (faults.strikes(24, `an adaptor of ${run} cannot be installed`, 1.6, lane)) {
    const error = {
      reason: "exception",
      type: "AutoinstallError",
      message: "No adaptor.",
    } as const;
    script.push(() => (chance.happens(0.5) ? 0 : chance.between(500, 10_000)));
    script.push(() => breakOff(execution, error));
    return;
  }
  const blocks = faults.strikes(23, `${run} blocks its event loop`, 2.1, lane);
  for (const { row, error } of harms) {
    if (!faults.strikes(row, `the child of ${run} dies`, 2, lane)) continue;
    const isSilent = row === 20 && chance.happens(0.3);
    const die = (): number => (isSilent ? end(execution) : breakOff(execution, error));
    agenda.after(chance.between(0, 2_000), () => process.enter(die));
  }
  script.push(() => {
    const time = world.wall();
    say(execution, { type: "workflow-start", time, versions: { node: "20.20.0" } });
    say(execution, { type: "log", time, level: "info", source: "R/T", message: ["Begins"] });
    return chance.between(0, 20);
  });
  const states = new Map<string, RunError | undefined>();
  // A step behind two others is visited for each of them, after both.
  const ids = [plan.start ?? plan.steps[0]?.id ?? ""];
  for (const [place, id] of ids.entries()) {
    const step = plan.steps.find((candidate) => candidate.id === id);
    if (step === undefined) throw new Error(`the plan of ${run} has no step ${id}`);
    const next = followersOf(step);
    const error = writeStep(execution, step, next, blocks, ids.indexOf(id) < place);
    if (next.length === 0) states.set(id, error);
    ids.push(...next);
  }
  script.push(() => {
    const error = [...states.values()].find((state) => state !== undefined);
    const durationMs = agenda.now() - execution.startedAt;
    say(execution, {
      ...{ type: "workflow-complete", time: world.wall(), durationMs },
      ...finalStateOf(plan),
      ...(error !== undefined && { error }),
    });
    return end(execution);
  });
}

/** Some runs end with nothing in their state, some with much. */
function finalStateOf({ id, steps }: Plan): { readonly finalState?: string } {
  const { output, text } = readJob(steps.at(-1)?.expression);
  if (output === "deep") return { finalState: DEEP };
  const of = output === "large" ? text : id;
  return id.endsWith("0") ? {} : { finalState: JSON.stringify({ data: { of } }) };
}

/** The steps behind this one; its end is written in its source, so it is known before. */
function followersOf({ expression, next = {} }: Plan["steps"][number]): readonly string[] {
  const fails = readJob(expression).ends === "fail";
  return Object.entries(next).flatMap(([id, edge]) => {
    if (typeof edge === "boolean") return edge ? [id] : [];
    if (edge.disabled) return [];
    return fails === (edge.condition === "on_job_failure") ? [id] : [];
  });
}

const NEVER = Number.POSITIVE_INFINITY;

function writeStep(
  execution: Execution,
  { id, expression, adaptors }: Plan["steps"][number],
  next: readonly string[],
  blocks: boolean,
  isAgain: boolean,
): RunError | undefined {
  const { world, script, run } = execution;
  const { agenda } = world;
  const job = readJob(expression);
  const isTrigger = adaptors === undefined;
  let startedAt = 0;
  const wait = job.takesMs / (job.lines + 1);
  script.push(() => {
    startedAt = agenda.now();
    execution.openStep = id;
    say(execution, { type: "step-start", time: world.wall(), stepId: id, visit: 0 });
    if (isTrigger) return 0;
    return blocks || (job.ends === "hang" && job.lines === 0) ? NEVER : wait;
  });
  for (let line = 0; line < job.lines; line += 1) {
    script.push(() => {
      const text = `${isAgain ? "again " : ""}${run} ${id} line ${line}`;
      const message = [
        job.width === undefined ? text : `${"-".repeat(job.width)} ${text}`,
        ...(line === job.deepLine ? [JSON.parse(DEEP)] : []),
      ];
      const time = world.wall();
      const event = {
        type: "log",
        time,
        stepId: id,
        level: "info",
        source: "JOB",
        message,
      } as const;
      say(execution, event, !job.floods);
      return job.ends === "hang" && line === job.lines - 1 ? NEVER : wait;
    });
  }
  const error: RunError | undefined =
    job.ends === "fail" ? { reason: "fail", type: "JobError", message: "It failed." } : undefined;
  script.push(() => {
    if (job.ends === "crash") {
      return breakOff(execution, { reason: "crash", type: "SyntaxError", message: "It broke." });
    }
    execution.openStep = undefined;
    say(execution, {
      ...stepEnd(execution, id, agenda.now() - startedAt, next),
      ...(job.output === "small" && { output: `{"data":{"of":"${id}"}}` }),
      ...(job.output === "deep" && { output: DEEP }),
      ...(job.output === "large" && { output: JSON.stringify({ data: job.text }) }),
      ...(job.answers === "short" && { webhookResponse: '{"status":202}' }),
      ...(job.answers === "long" && { webhookResponse: JSON.stringify({ body: job.text }) }),
      ...(job.answers === "deep" && { webhookResponse: DEEP }),
      ...(job.output === "too-large" && { outputTooLarge: true as const }),
      ...(error !== undefined && { error }),
    });
    return 0;
  });
  return error;
}

function stepEnd({ world }: Execution, id: string, durationMs: number, next: readonly string[]) {
  return {
    type: "step-complete",
    time: world.wall(),
    stepId: id,
    visit: 0,
    durationMs,
    memory: { job: 1_000_000, system: 2_000_000 },
    threadId: "1",
    next,
  } as const;
}

function say(execution: Execution, event: RunEvent, waits = true): void {
  const { world, run } = execution;
  world.tell({ type: "engine", run, event });
  const wait = execution.onEvent(event);
  if (wait === undefined || !waits) return;
  execution.isPaused = true;
  world.held.count += 1;
  void wait.then(() => {
    world.held.count -= 1;
    execution.isPaused = false;
    world.agenda.after(0, () => world.process.enter(() => proceed(execution)));
  });
}

/** Tells what comes next, as long as nothing is to be waited for. */
function proceed(execution: Execution): void {
  const { world, script } = execution;
  const tellNext = script.shift();
  if (tellNext === undefined || execution.isOver) return;
  const waitMs = world.operations.fails("engine") ? breakOff(execution, DIED) : tellNext();
  if (execution.isOver || execution.isPaused || waitMs === NEVER) return;
  world.agenda.after(waitMs, () => world.process.enter(() => proceed(execution)));
}

/** Ends the run with this error: the open step first, then the run. */
function breakOff(execution: Execution, error: RunError): number {
  if (execution.isOver) return NEVER;
  const { world, openStep } = execution;
  if (openStep !== undefined) {
    execution.openStep = undefined;
    say(execution, { ...stepEnd(execution, openStep, 1, []), error });
  }
  const durationMs = world.agenda.now() - execution.startedAt;
  say(execution, { type: "workflow-error", time: world.wall(), durationMs, error });
  return end(execution);
}

function end(execution: Execution): number {
  if (execution.isOver) return NEVER;
  const { world, run } = execution;
  execution.isOver = true;
  world.agenda.after(world.chance.between(0, 10), () =>
    world.process.enter(() => {
      execution.leave();
      world.tell({ type: "engine-ended", run });
      execution.ended(undefined);
    }),
  );
  return NEVER;
}
