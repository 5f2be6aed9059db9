import type { PreparedPlan } from "./adaptors/prepare-plan.ts";
import type { ExecutionPlan, RunError, RunEvent, RunningPlan, RunOptions } from "./engine.ts";
import type { AdaptorPlaces } from "./messages.ts";
import type { Child } from "./pool/child-process.ts";
import { causeOfDeath, outOfMemory } from "./pool/death.ts";
import { eventOrder } from "./pool/event-order.ts";
import type { memoryWatch } from "./pool/memory-watch.ts";
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
  /** Installs what is missing and gives the plan with exact versions, or why it cannot run. */
  readonly prepare: (plan: ExecutionPlan) => Promise<PreparedPlan>;
  readonly takeChild: (plan: ExecutionPlan) => Promise<Child>;
  readonly onEvent: (event: RunEvent) => void | Promise<void>;
}

/**
 * Executes one plan in one child. The timeout counts from this call, whatever the child does:
 * it ends a blocked event loop, an installation and an import alike.
 */
export function runInChild(context: RunContext): RunningPlan {
  const { clock, options } = context;
  const startTime = clock.now();
  const order = eventOrder(new Set(context.plan.steps.map(({ id }) => id)));
  let cause: RunError | undefined;
  let child: Child | undefined;
  let broken: (() => void) | undefined;
  const brokenOff = new Promise<"broken">((resolve) => {
    broken = () => resolve("broken");
  });
  const kill = (error: RunError): void => {
    cause ??= error;
    child?.kill();
    broken?.();
  };
  const stopTimer = options.timeoutMs
    ? startTimer(options.timeoutMs, () => kill(timedOut(options.timeoutMs ?? 0)), clock)
    : () => undefined;
  let unwatch = (): void => undefined;

  const say = async (event: RunEvent): Promise<void> => {
    await context.onEvent(event);
  };
  const sayEnd = async (error: RunError): Promise<void> => {
    for (const event of order.breakOff(error, clock.now(), startTime)) await say(event);
  };

  const execute = async (): Promise<RunError | undefined> => {
    const prepared = await Promise.race([context.prepare(context.plan), brokenOff]);
    if (prepared === "broken") return cause;
    if ("error" in prepared) return prepared.error;
    for (const adaptor of prepared.skipped) await say(skippedAdaptor(adaptor, clock.now()));
    const { plan } = prepared;
    const taken = context.takeChild(plan);
    child = await Promise.race([taken, brokenOff.then(() => undefined)]);
    if (child === undefined) {
      void taken.then((late) => late.kill());
      return cause;
    }
    const { pid, uid } = child;
    unwatch = context.memory.add({
      pid,
      memoryLimitMb: options.memoryLimitMb,
      onExceeded: (usedMb) =>
        kill(outOfMemory(options.memoryLimitMb, `its process held ${Math.round(usedMb)} MB`)),
    });
    const { timeoutMs: _, ...childOptions } = options;
    const places = context.places;
    child.send(
      {
        type: "run",
        places,
        plan,
        options: childOptions,
        ...(uid !== undefined && { uid }),
      },
      context.input,
    );
    for (let frame = await child.next(); frame !== undefined; frame = await child.next()) {
      const event = readEvent(frame);
      if (event === undefined || !order.accept(event)) {
        kill({
          reason: "crash",
          type: "ExitError",
          message: "The run's process said something that no run says, and was ended.",
        });
        break;
      }
      await say(event);
      if (order.ended()) return undefined;
    }
    const exit = await child.exited;
    return cause ?? causeOfDeath(exit, options.memoryLimitMb);
  };

  const ended = execute()
    .then(async (error) => {
      if (error !== undefined) await sayEnd(error);
    })
    .catch((bug: unknown) => {
      // A listener or the engine itself failed: that is a bug, and it must not pass as an end.
      queueMicrotask(() => {
        throw bug;
      });
    })
    .finally(() => {
      stopTimer();
      unwatch();
      child?.kill();
    });
  return { ended, kill };
}

function skippedAdaptor(adaptor: string, time: number): RunEvent {
  const message = [
    `"${adaptor}" is no adaptor: expected a package of @openfn and a version, like @openfn/language-http@7.2.10. It is not installed.`,
  ];
  return { type: "log", time, level: "warn", source: "RTE", message };
}

function timedOut(timeoutMs: number): RunError {
  return {
    reason: "kill",
    type: "TimeoutError",
    message: `The run took longer than ${timeoutMs} ms and was ended.`,
  };
}
