import { neededPackages } from "./adaptors/needed-packages.ts";
import type { PreparedPlan } from "./adaptors/prepare-plan.ts";
import type { CompileCache } from "./compile-cache.ts";
import type { ExecutionPlan, RunError, RunEvent, RunningPlan, RunOptions } from "./engine.ts";
import type { AdaptorPlaces, PackPlaces } from "./messages.ts";
import type { Child } from "./pool/child-process.ts";
import { causeOfDeath, outOfMemory } from "./pool/death.ts";
import { eventOrder } from "./pool/event-order.ts";
import { logPace } from "./pool/log-pace.ts";
import type { memoryWatch } from "./pool/memory-watch.ts";
import { watchProcessor } from "./pool/processor-watch.ts";
import { readCompiled } from "./pool/read-compiled.ts";
import { readEvent } from "./pool/read-event.ts";
import { type Clock, startTimer } from "./pool/run-timer.ts";

/** What a run is executed with. */
export interface RunContext {
  readonly plan: ExecutionPlan;
  readonly input: string;
  readonly options: RunOptions & { readonly memoryLimitMb: number };
  readonly places: AdaptorPlaces;
  readonly clock: Clock;
  readonly memory: ReturnType<typeof memoryWatch>;
  readonly compileCache: CompileCache;
  readonly packsOf: (adaptors: readonly string[], memoryLimitMb: number) => Promise<PackPlaces>;
  /** Installs what is missing and gives the plan with exact versions, or why it cannot run. */
  readonly prepare: (plan: ExecutionPlan) => Promise<PreparedPlan>;
  readonly takeChild: (plan: ExecutionPlan) => Promise<Child>;
  readonly onEvent: (event: RunEvent) => void | Promise<void>;
}

/** A child that dies before it says anything has run nothing, so that another can take over. */
const maxChildren = 3;

/**
 * Executes one plan in one child. The timeout counts from this call, whatever the child does:
 * it ends a blocked event loop, an installation and an import alike.
 */
export function runInChild(context: RunContext): RunningPlan {
  const { clock, options } = context;
  const { timeoutMs = 0 } = options;
  const startTime = Date.now();
  const order = eventOrder(new Set(context.plan.steps.map(({ id }) => id)));
  const breaking = breakable();
  let prepared = false;
  const stopTimer =
    timeoutMs > 0
      ? startTimer(timeoutMs, () => breaking.kill(tooLate(timeoutMs, prepared)), clock)
      : () => undefined;

  const execute = async (): Promise<RunError | undefined> => {
    const ready = await Promise.race([context.prepare(context.plan), breaking.broken]);
    if ("reason" in ready) return ready;
    if ("error" in ready) return ready.error;
    prepared = true;
    for (const adaptor of ready.skipped) await context.onEvent(skippedAdaptor(adaptor));
    for (let left = maxChildren; ; left -= 1) {
      const taken = context.takeChild(ready.plan);
      const child = await Promise.race([taken, breaking.broken]);
      if ("reason" in child) {
        void taken.then((late) => late.kill());
        return child;
      }
      breaking.holds(child);
      const told = await converse(child, ready.plan, context, order, breaking.kill);
      child.kill();
      if (told !== "silent") return told;
      const cause = breaking.cause();
      if (cause !== undefined) return cause;
      if (left <= 1) return causeOfDeath(await child.exited, options.memoryLimitMb);
    }
  };

  const ended = execute()
    .then(async (error) => {
      if (error === undefined) return;
      const last = order.breakOff(breaking.cause() ?? error, Date.now(), startTime);
      for (const event of last) await context.onEvent(event);
    })
    .catch((bug: unknown) => {
      breaking.kill(failedInside);
      // A listener or the engine itself failed: that is a bug, and it must not pass as an end.
      queueMicrotask(() => {
        throw bug;
      });
    })
    .finally(stopTimer);
  return { ended, kill: breaking.kill };
}

/** What can be broken off at any time, with the first cause as its cause. */
function breakable() {
  let cause: RunError | undefined;
  let child: Child | undefined;
  let settle = (_error: RunError): void => undefined;
  const broken = new Promise<RunError>((resolve) => {
    settle = resolve;
  });
  return {
    broken,
    cause: () => cause,
    kill(error: RunError): void {
      cause ??= error;
      child?.kill();
      settle(cause);
    },
    holds(held: Child): void {
      child = held;
      if (cause !== undefined) held.kill();
    },
  };
}

/**
 * Has a child run the plan and passes on what it says. Gives why the run is over where the child
 * did not say it, and `"silent"` where it died before it said anything.
 */
async function converse(
  child: Child,
  plan: ExecutionPlan,
  context: RunContext,
  order: ReturnType<typeof eventOrder>,
  kill: (error: RunError) => void,
): Promise<RunError | "silent" | undefined> {
  const { options, places, memory, input, compileCache } = context;
  const { memoryLimitMb } = options;
  const { pid, user } = child;
  const unwatch = memory.add({
    pid,
    memoryLimitMb,
    onExceeded: (usedMb) =>
      kill(outOfMemory(memoryLimitMb, `its process held ${Math.round(usedMb)} MB`)),
  });
  const adaptors = neededPackages(plan);
  const imported = child.imported();
  const warm = adaptors.every((adaptor) => imported.includes(adaptor));
  const unwatchProcessor = watchProcessor(child, { clock: context.clock, warm });
  const pace = logPace(context.clock);
  try {
    const { timeoutMs: _, ...childOptions } = options;
    const compiled = compileCache.find(plan);
    const packs = await context.packsOf(adaptors, memoryLimitMb);
    child.send(
      { type: "run", places, packs, adaptors, plan, options: childOptions, compiled, user },
      input,
    );
    let silent = true;
    for (let frame = await child.next(); frame !== undefined; frame = await child.next()) {
      silent = false;
      const fresh = readCompiled(frame);
      if (fresh !== undefined && order.compiling()) {
        compileCache.keep(plan, fresh, child.imported());
        continue;
      }
      const event = readEvent(frame);
      if (event === undefined || !order.accept(event)) return garbled;
      await context.onEvent(event);
      if (event.type === "log") await pace(frame);
      if (order.ended()) return undefined;
    }
    return silent ? "silent" : causeOfDeath(await child.exited, memoryLimitMb);
  } finally {
    unwatchProcessor();
    unwatch();
  }
}

const garbled: RunError = {
  reason: "crash",
  type: "ExitError",
  message: "The run's process said something that no run says, and was ended.",
};

const failedInside: RunError = {
  reason: "exception",
  type: "ExecutionError",
  message: "The engine or its caller failed; the run was ended.",
};

function skippedAdaptor(adaptor: string): RunEvent {
  const message = [
    `"${adaptor}" is no adaptor: expected a package of @openfn and a version, like @openfn/language-http@7.2.10. It is not installed.`,
  ];
  return { type: "log", time: Date.now(), level: "warn", source: "RTE", message };
}

/** A run that waits for its adaptors has not begun, and says so. */
function tooLate(timeoutMs: number, prepared: boolean): RunError {
  if (prepared) {
    const message = `The run took longer than ${timeoutMs} ms and was ended.`;
    return { reason: "kill", type: "TimeoutError", message };
  }
  const message = `Its adaptors were not installed within the ${timeoutMs} ms of the run.`;
  return { reason: "exception", type: "AutoinstallError", message };
}
