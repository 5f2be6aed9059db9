import type { RunError } from "@workloops/engine";
import type { Outbox } from "./outbox.ts";
import type { Report } from "./report.ts";
import type { RunPlan } from "./run-plan.ts";

/**
 * One run.
 *
 * | phase | waits for | ends by |
 * |---|---|---|
 * | checking | the verdict on its token | joining |
 * | joining | its channel; refused for good, or its time over: closing, lost | planning, or reporting where it is not to be executed |
 * | planning | `fetch:plan` | loading; reporting where the plan is refused, unreadable or does not come |
 * | loading | its dataclip and each credential | recording; reporting where one fails |
 * | recording | the journal to hold that it started | running |
 * | running | the engine's events, reported one after the other | the engine's last event: reporting |
 * | reporting | each event to be answered, `run:complete` last | answered, or its time over: closing |
 * | closing | the engine to have ended | it is forgotten, its slot is free |
 *
 * A channel that goes down changes no phase: what was asked is asked again once it is joined, of
 * one run at a time.
 */
export type Phase =
  | { readonly type: "checking" }
  | { readonly type: "joining" }
  | { readonly type: "planning"; readonly asked: number }
  | Loading
  | { readonly type: "recording"; readonly plan: RunPlan; readonly input: string }
  | { readonly type: "running"; readonly plan: RunPlan }
  | { readonly type: "reporting" }
  | { readonly type: "closing" };

export interface Loading {
  readonly type: "loading";
  readonly plan: RunPlan;
  readonly asked: number;
  /** JSON text, or why there is none; `undefined` while it is asked for. */
  readonly input: Loaded<string> | undefined;
  readonly credentials: ReadonlyMap<string, Loaded<unknown> | undefined>;
}

export type Loaded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

export interface RunState {
  readonly id: string;
  readonly token: string;
  readonly lane: number;
  /** False for a run that is only ended with a reason: it never executes and holds no slot. */
  readonly holdsSlot: boolean;
  readonly claimedAt: number;
  /** Its token ends then, as far as is known: nothing can be reported after it. */
  readonly expiresAt: number;
  readonly expiryKnown: boolean;
  readonly phase: Phase;
  /** How often its channel was refused for good since it was joined last. */
  readonly refusals: number;
  /** Why it is not to be executed; it is reported with this instead. */
  readonly verdict: RunError | undefined;
  readonly engineAlive: boolean;
  readonly report: Report;
  readonly outbox: Outbox;
  /** How it ended, once that is known; `lost` until then. */
  readonly outcome: string;
}
