import type { RunError, RunEvent } from "../engine.ts";

type StepStart = Extract<RunEvent, { type: "step-start" }>;

/**
 * Holds the events of one run to their order: one start, steps that open and close one at a
 * time, one end. A child that was taken over by its job can only end its own run with this.
 */
export function eventOrder(stepIds: ReadonlySet<string>) {
  let started = false;
  let ended = false;
  let stepped = false;
  let open: StepStart | undefined;
  return {
    /** True where the event may come now; it then has come. */
    accept(event: RunEvent): boolean {
      if (ended) return false;
      if (event.type === "workflow-error") {
        ended = open === undefined;
        return ended;
      }
      if (event.type === "workflow-start") {
        if (started) return false;
        started = true;
        return true;
      }
      if (!started) return false;
      if (event.type === "step-start") {
        if (open !== undefined || !stepIds.has(event.stepId)) return false;
        open = event;
        stepped = true;
      } else if (event.type === "step-complete") {
        if (open?.stepId !== event.stepId || open.visit !== event.visit) return false;
        open = undefined;
      } else if (event.type === "workflow-complete") {
        if (open !== undefined) return false;
        ended = true;
      }
      return true;
    },
    ended: (): boolean => ended,
    /** True while no code of the run can have run: jobs are compiled between start and first step. */
    compiling: (): boolean => started && !stepped && !ended,
    /** What is still to be said when a run is broken off now: its open step, then its end. */
    breakOff(error: RunError, time: number, startTime: number): RunEvent[] {
      if (ended) return [];
      ended = true;
      const durationMs = time - startTime;
      if (open === undefined) return [{ type: "workflow-error", time, durationMs, error }];
      const { stepId, visit } = open;
      const completed: RunEvent = {
        type: "step-complete",
        time,
        stepId,
        visit,
        durationMs: time - open.time,
        memory: { job: 0, system: 0 },
        threadId: "",
        output: "{}",
        error,
        next: [],
      };
      return [completed, { type: "workflow-error", time, durationMs, stepId, error }];
    },
  };
}
