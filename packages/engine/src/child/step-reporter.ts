import { Buffer } from "node:buffer";
import type { ExecutionPlan, RunError, RunEvent } from "../engine.ts";
import { sendFrame } from "./channel.ts";
import type { SayLine } from "./job-console.ts";
import { stepError } from "./run-error.ts";

type StepComplete = Extract<RunEvent, { type: "step-complete" }>;
type Body = string | undefined;

/** Says an event; the body is the text that must not be escaped into the head. */
export function sendEvent(event: RunEvent, body?: Body): void {
  sendFrame({ type: "event", event, hasBody: body !== undefined }, body ?? "");
}

/** What `@openfn/runtime` tells of a step that ended. */
export interface StepEnd {
  readonly jobId: string;
  readonly duration: number;
  readonly state: unknown;
  readonly next: readonly string[];
  readonly mem?: { readonly job: number; readonly system: number };
  readonly error?: unknown;
}

const bytesPerMb = 1024 * 1024;

/** Follows the steps of one run and says what they did. */
export function stepReporter(plan: ExecutionPlan, payloadLimitMb: number | undefined) {
  const visits = new Map<string, number>();
  const last = new Map<string, RunError | undefined>();
  let leaves = 0;
  let open: { readonly stepId: string; readonly visit: number; readonly time: number } | undefined;

  const complete = (fields: Omit<StepComplete, "type" | "time" | "threadId">, body?: string) => {
    open = undefined;
    last.set(fields.stepId, fields.error);
    sendEvent(
      { type: "step-complete", time: Date.now(), threadId: String(process.pid), ...fields },
      body,
    );
  };

  return {
    start(stepId: string): void {
      const visit = visits.get(stepId) ?? 0;
      visits.set(stepId, visit + 1);
      open = { stepId, visit, time: Date.now() };
      sendEvent({ type: "step-start", time: open.time, stepId, visit });
    },
    end(ended: StepEnd): void {
      const visit = (visits.get(ended.jobId) ?? 1) - 1;
      if (ended.next.length === 0) leaves += 1;
      const output = JSON.stringify(ended.state ?? {}) ?? "{}";
      const tooLarge =
        payloadLimitMb !== undefined && Buffer.byteLength(output) > payloadLimitMb * bytesPerMb;
      const error = ended.error === undefined ? ownError(ended) : stepError(ended.error);
      const webhookResponse = webhookResponseOf(ended.state);
      complete(
        {
          stepId: ended.jobId,
          visit,
          durationMs: ended.duration,
          memory: ended.mem ?? memoryNow(),
          next: ended.next,
          ...(tooLarge && { outputTooLarge: true as const }),
          ...(error && { error }),
          ...(webhookResponse !== undefined && { webhookResponse }),
        },
        tooLarge ? undefined : output,
      );
    },
    /** Completes the step that an error interrupted, where there is one, and gives its id. */
    interrupt(error: RunError): string | undefined {
      if (open === undefined) return undefined;
      const { stepId, visit, time } = open;
      const durationMs = Date.now() - time;
      complete({ stepId, visit, durationMs, memory: memoryNow(), next: [], error }, "{}");
      return stepId;
    },
    /** Which step is open, for the lines that it logs. */
    openStep: (): string | undefined => open?.stepId,
    /** How many steps had nothing behind them. */
    leafCount: (): number => leaves,
    /** The failure that is the run's: of the first leaf, in the plan's order, that failed last. */
    leafError(): RunError | undefined {
      for (const step of plan.steps) {
        const error = last.get(step.id);
        const isLeaf = !Object.keys(step.next ?? {}).some((id) => last.has(id));
        if (error?.reason === "fail" && isLeaf) return error;
      }
      return undefined;
    },
  };
}

export type StepReporter = ReturnType<typeof stepReporter>;

function memoryNow(): { job: number; system: number } {
  const { heapUsed, rss } = process.memoryUsage();
  return { job: heapUsed, system: rss };
}

/** A step that finds its own id among the errors of its state has failed by its own word. */
function ownError({ state, jobId }: StepEnd): RunError | undefined {
  const errors = property(state, "errors");
  const entry = property(errors, jobId);
  if (!entry) return undefined;
  const name = property(entry, "name");
  const message = property(entry, "message");
  return {
    reason: "fail",
    type: typeof name === "string" ? name : "",
    message: typeof message === "string" ? message : "",
  };
}

function webhookResponseOf(state: unknown): string | undefined {
  const response = property(state, "webhookResponse");
  return response ? JSON.stringify(response) : undefined;
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** Says the lines of one source, each as the step that is open says it. */
export function logger(
  source: string,
  reporter: StepReporter,
  limitMb: number | undefined,
): SayLine {
  return (level, message) => {
    const stepId = reporter.openStep();
    const body = `[${message.join(",")}]`;
    const redacted = limitMb !== undefined && Buffer.byteLength(body) > limitMb * bytesPerMb;
    const text = `(Log message redacted: exceeds ${limitMb}mb memory limit)`;
    sendEvent(
      {
        type: "log",
        time: Date.now(),
        level,
        source,
        message: [],
        ...(stepId !== undefined && { stepId }),
        ...(redacted && { redacted }),
      },
      redacted ? JSON.stringify([text]) : body,
    );
  };
}
