import type { RunEvent } from "@workloops/engine";
import {
  anything,
  each,
  either,
  fields,
  list,
  number,
  oneOf,
  optional,
  type Shape,
  text,
} from "./shape.ts";

const event = (one: object, hasBody = false) => ({ type: "event", event: one, hasBody });
const error = { reason: "fail", type: "JobError", message: "said no" };

/** Each message that a child process sends to the engine, with everything that it may hold. */
export const childMessages: readonly (readonly [
  string,
  { readonly head: unknown; readonly body: string },
])[] = [
  ["compiled", { head: { type: "compiled" }, body: '{"a":"text"}' }],
  [
    "workflow-start",
    {
      head: event({ type: "workflow-start", time: 1, versions: { node: "20", http: ["1", "2"] } }),
      body: "",
    },
  ],
  ["step-start", { head: event({ type: "step-start", time: 1, stepId: "a", visit: 1 }), body: "" }],
  [
    "log",
    {
      head: event({ type: "log", time: 1, stepId: "a", level: "info", source: "JOB" }, true),
      body: '["said",{"by":"a"}]',
    },
  ],
  [
    "step-complete",
    {
      head: event(
        {
          type: "step-complete",
          time: 1,
          stepId: "a",
          visit: 1,
          durationMs: 5,
          memory: { job: 1, system: 2 },
          threadId: "7",
          error,
          webhookResponse: '{"status":201}',
          next: ["b"],
        },
        true,
      ),
      body: '{"data":1}',
    },
  ],
  [
    "workflow-complete",
    { head: event({ type: "workflow-complete", time: 1, durationMs: 5, error }, true), body: "{}" },
  ],
  [
    "workflow-error",
    {
      head: event({ type: "workflow-error", time: 1, durationMs: 5, stepId: "a", error }),
      body: "",
    },
  ],
];

const errorShape = fields({
  reason: oneOf("fail", "crash", "kill", "exception"),
  type: text,
  message: text,
});

const eventShapes: Readonly<Record<RunEvent["type"], Shape>> = {
  "workflow-start": fields({ time: number, versions: each(either(text, list(text))) }),
  "step-start": fields({ time: number, stepId: text, visit: number }),
  log: fields({
    time: number,
    stepId: optional(text),
    level: oneOf("debug", "info", "success", "always", "warn", "error"),
    source: text,
    message: list(anything),
  }),
  "step-complete": fields({
    time: number,
    stepId: text,
    visit: number,
    durationMs: number,
    memory: fields({ job: number, system: number }),
    threadId: text,
    output: optional(text),
    error: optional(errorShape),
    webhookResponse: optional(text),
    next: list(text),
  }),
  "workflow-complete": fields({
    time: number,
    durationMs: number,
    finalState: optional(text),
    error: optional(errorShape),
  }),
  "workflow-error": fields({
    time: number,
    durationMs: number,
    stepId: optional(text),
    error: errorShape,
  }),
};

/** Whether an event is what its type says. */
export const eventShape = (one: RunEvent): boolean => eventShapes[one.type](one);
