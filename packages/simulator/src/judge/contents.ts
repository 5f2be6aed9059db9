import type { RunRecord, StepRecord } from "@workloops/local-lightning/run-ledger";
import type { RunEvent } from "../world/fact.ts";
import { DEEP } from "../world/job.ts";
import { WORLD_LIMITS } from "../world/world.ts";
import type { Bench, Judge } from "./judge.ts";
import { TOO_DEEP } from "./lines.ts";

type StepEnd = Extract<RunEvent, { readonly type: "step-complete" }>;

/** What the engine said of the content of a run, by step. */
interface Said {
  readonly ends: Map<string, StepEnd>;
  last: Extract<RunEvent, { readonly type: "workflow-complete" | "workflow-error" }> | undefined;
}

/**
 * What the server holds of a run is what the engine said: each step's clip, the clip that the
 * next one was given, the final state, the final clip and the reasons.
 */
export function judgeContents({ ledger, accuse }: Bench): Judge {
  const runs = new Map<string, Said>();
  const cutShort = new Set<string>();
  /** Runs whose final clip the server said it does not know. */
  const clipless = new Set<string>();
  return {
    see: {
      execute: ({ run }) => {
        runs.set(run, { ends: new Map(), last: undefined });
      },
      engine: ({ run, event }) => {
        const said = runs.get(run);
        if (said === undefined) return;
        if (event.type === "step-complete") said.ends.set(event.stepId, event);
        if (event.type === "workflow-complete" || event.type === "workflow-error") {
          said.last = event;
        }
      },
      fault: ({ detail }) => {
        if (detail.endsWith("an unknown clip")) clipless.add(detail.split(" ")[2] ?? "");
      },
      "process-killed": () => {
        for (const id of runs.keys()) cutShort.add(id);
      },
      "process-stopped": ({ left }) => {
        for (const id of left) cutShort.add(id);
      },
    },
    atEnd: () => {
      for (const [id, said] of runs) {
        const run = ledger.runs.get(id);
        if (run === undefined || cutShort.has(id) || run.ends[0]?.workerId == null) continue;
        for (const [what, is, should] of comparisons(run, said, clipless.has(id))) {
          if (is === should || JSON.stringify(is) === JSON.stringify(should)) continue;
          accuse(
            6,
            `${what} of ${id} is ${JSON.stringify(is)}, said was ${JSON.stringify(should)}`,
          );
        }
      }
    },
  };
}

type Comparison = readonly [what: string, is: unknown, should: unknown];

function comparisons(run: RunRecord, said: Said, isClipless: boolean): readonly Comparison[] {
  const { last } = said;
  if (last === undefined) return [];
  const steps = [...run.steps.values()];
  const clipOf = (jobId: string) => steps.find((step) => step.jobId === jobId)?.outputDataclipId;
  const rows: Comparison[] = [
    ["the reason", run.reason, last.error?.reason ?? "success"],
    ["the error", run.errorType, last.error?.type ?? null],
    ["the message", run.errorMessage, last.error?.message ?? null],
    ["the answer to the webhook", run.webhookResponse, answerOf(said)],
  ];
  for (const step of steps) rows.push(...stepRows(run, step, said, clipOf));
  for (const { stepId, message } of run.logs) {
    // Any job may have said it, and one has.
    if (message === TOO_DEEP && run.steps.has(stepId ?? "")) continue;
    const job = / (job-\d) line /.exec(message)?.[1] ?? null;
    rows.push([`the step of "${message}"`, run.steps.get(stepId ?? "")?.jobId ?? null, job]);
  }
  if (last.type !== "workflow-complete") return rows;
  const leaves = [...said.ends.values()].filter((end) => end.next.length === 0);
  const only = leaves.length === 1 ? leaves[0] : undefined;
  const state = fits(last.finalState) ? passedOn(last.finalState) : null;
  rows.push(["the final state", run.finalState, state]);
  if (isClipless) return rows;
  const clip = only === undefined ? null : (clipOf(only.stepId) ?? null);
  return [...rows, ["the final clip", run.finalDataclipId, clip]];
}

function stepRows(
  run: RunRecord,
  step: StepRecord,
  { ends }: Said,
  clipOf: (jobId: string) => string | null | undefined,
): readonly Comparison[] {
  const end = ends.get(step.jobId);
  if (end === undefined) return [];
  const what = (field: string) => `${field} of ${step.jobId}`;
  const before = [...ends.values()].find(
    ({ next, stepId }) => next.includes(step.jobId) && !stepId.startsWith("trigger"),
  );
  const input = before === undefined ? run.plan.dataclip_id : (clipOf(before.stepId) ?? null);
  const clip = step.outputDataclipId === null ? null : run.dataclips.get(step.outputDataclipId);
  const keeps = run.savesDataclips && end.output !== undefined;
  const hasClip = isClipFit(end) && (!run.savesDataclips || keeps);
  return [
    [what("the input"), step.inputDataclipId, input],
    [what("the clip"), clip, keeps && hasClip ? end.output : null],
    [what("whether there is a clip"), step.outputDataclipId !== null, hasClip],
    [what("what is wrong with the clip"), step.outputError, tooLarge(end)],
    [what("the reason"), step.reason, end.error?.reason ?? "success"],
    [what("the error"), step.errorType, end.error?.type ?? null],
  ];
}

/** The last step that says one decides. */
function answerOf({ ends }: Said): unknown {
  const text = [...ends.values()].findLast((end) => fits(end.webhookResponse))?.webhookResponse;
  return text === undefined ? undefined : passedOn(text);
}

/** The value of a JSON text, or the text where no frame can carry its value. */
function passedOn(text: string): unknown {
  return text === DEEP ? text : JSON.parse(text);
}

function tooLarge(end: StepEnd): string | null {
  return isClipFit(end) ? null : "DATACLIP_TOO_LARGE";
}

function fits(text: string | undefined): text is string {
  return text !== undefined && Buffer.byteLength(text) <= WORLD_LIMITS.textBytes;
}

/** The clip is text inside the frame, and shares it with the answer to the webhook. */
function isClipFit({ outputTooLarge, output = "", webhookResponse }: StepEnd): boolean {
  const beside = fits(webhookResponse) ? Buffer.byteLength(webhookResponse) : 0;
  const escaped = output === "" ? 0 : Buffer.byteLength(JSON.stringify(output));
  return outputTooLarge !== true && escaped + beside <= WORLD_LIMITS.textBytes;
}
