import type { RunRecord, StepRecord } from "@workloops/local-lightning/run-ledger";
import type { RunEvent } from "../world/fact.ts";
import { DEEP } from "../world/job.ts";
import { WORLD_LIMITS } from "../world/world.ts";
import type { Bench, Judge } from "./judge.ts";
import { TOO_DEEP } from "./lines.ts";

type StepEnd = Extract<RunEvent, { readonly type: "step-complete" }>;

/** One visit of a job: it may be visited again, where two others lead to it. */
interface Visit {
  readonly stepId: string;
  /** How often it was visited before. */
  readonly place: number;
  /** The visit that led to it. */
  readonly from: Visit | undefined;
  end: StepEnd | undefined;
}

/** What the engine said of the content of a run. */
interface Said {
  readonly visits: Visit[];
  /** Visits that lead to a job which was not visited since, in order. */
  readonly leading: Map<string, Visit[]>;
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
        runs.set(run, { visits: [], leading: new Map(), last: undefined });
      },
      engine: ({ run, event }) => {
        const said = runs.get(run);
        if (said === undefined) return;
        follow(said, event);
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

function follow({ visits, leading }: Said, event: RunEvent): void {
  if (event.type === "step-start" && !event.stepId.startsWith("trigger")) {
    const { stepId } = event;
    const place = visits.filter((visit) => visit.stepId === stepId).length;
    visits.push({ stepId, place, from: leading.get(stepId)?.shift(), end: undefined });
  } else if (event.type === "step-complete") {
    const visit = visits.findLast(({ stepId }) => stepId === event.stepId);
    if (visit === undefined) return;
    visit.end = event;
    for (const next of event.next) leading.set(next, [...(leading.get(next) ?? []), visit]);
  }
}

type Comparison = readonly [what: string, is: unknown, should: unknown];

function comparisons(run: RunRecord, said: Said, isClipless: boolean): readonly Comparison[] {
  const { last } = said;
  if (last === undefined) return [];
  const steps = [...run.steps.values()];
  const stepOf = ({ stepId, place }: Visit) => steps.filter((step) => step.jobId === stepId)[place];
  const rows: Comparison[] = [
    ["the reason", run.reason, last.error?.reason ?? "success"],
    ["the error", run.errorType, last.error?.type ?? null],
    ["the message", run.errorMessage, last.error?.message ?? null],
    ["the answer to the webhook", run.webhookResponse, answerOf(said)],
  ];
  for (const visit of said.visits) {
    const step = stepOf(visit);
    const from = visit.from && stepOf(visit.from);
    if (step !== undefined) rows.push(...stepRows(run, step, visit, from));
  }
  for (const { stepId, message } of run.logs) {
    // Any job may have said it, and one has.
    if (message === TOO_DEEP && run.steps.has(stepId ?? "")) continue;
    const job = / (job-\d) line /.exec(message)?.[1] ?? null;
    rows.push([`the step of "${message}"`, run.steps.get(stepId ?? "")?.jobId ?? null, job]);
  }
  if (last.type !== "workflow-complete") return rows;
  const leaves = said.visits.filter(({ end }) => end?.next.length === 0);
  const only = leaves.length === 1 ? leaves[0] : undefined;
  const state = fits(last.finalState) ? passedOn(last.finalState) : null;
  rows.push(["the final state", run.finalState, state]);
  if (isClipless) return rows;
  const clip = only === undefined ? null : (stepOf(only)?.outputDataclipId ?? null);
  return [...rows, ["the final clip", run.finalDataclipId, clip]];
}

function stepRows(
  run: RunRecord,
  step: StepRecord,
  visit: Visit,
  before: StepRecord | undefined,
): readonly Comparison[] {
  const { end } = visit;
  if (end === undefined) return [];
  const what = (field: string) => `${field} of ${step.jobId}`;
  const input =
    visit.from === undefined ? run.plan.dataclip_id : (before?.outputDataclipId ?? null);
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
function answerOf({ visits }: Said): unknown {
  const last = visits.findLast(({ end }) => fits(end?.webhookResponse));
  const text = last?.end?.webhookResponse;
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
