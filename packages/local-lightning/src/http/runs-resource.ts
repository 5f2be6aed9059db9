import { randomUUID } from "node:crypto";
import { isRecord, own } from "@workloops/worker/protocol";
import type { ApiRequest } from "../api.ts";
import { announceChange, type ControlPlane, later, moment, watch } from "../control-plane.ts";
import { addRun, isFinal, type NewRun, type RunRecord, retryRun } from "../run-ledger.ts";
import { announceRun } from "../wake-ups.ts";
import { readJson } from "./read-json.ts";
import { type Answer, json, problem } from "./respond.ts";
import { readRun } from "./run-request.ts";
import { runSummary, runView } from "./run-view.ts";
import { type WebhookAnswer, webhookAnswer, webhookTimeout } from "./webhook-answer.ts";

/** More than any workflow answers in. */
const maxWaitMs = 600_000;

/** A list sends as many runs as it has items, at once. */
const maxRunsPerRequest = 10_000;

const tooMany = "too many runs wait; start a worker, or wait for the one there is";

const maxRunsShown = 1_000;

/**
 * `POST /runs` makes a run and answers `{ id }`, or `[{ id }]` for a list. With `?wait=MS` it
 * answers when the run has ended, like a webhook that replies after completion, and like that
 * one's run it goes to the fast lane unless it says otherwise.
 */
export async function postRun(asked: ApiRequest): Promise<Answer> {
  const { plane, request, url } = asked;
  const wait = readWait(url.searchParams.get("wait"));
  if (wait === "wrong") return problem(400, `wait: not milliseconds from 1 to ${maxWaitMs}`);
  const body = await readJson(request);
  if (!body.ok) return problem(body.status, body.problem);
  const isList = Array.isArray(body.value);
  const items: readonly unknown[] = isList ? (body.value as unknown[]) : [body.value];
  if (items.length > maxRunsPerRequest) return problem(400, `at most ${maxRunsPerRequest} at once`);
  if (isList && wait !== undefined) return problem(400, "wait: for one run, not for a list");
  const specs: NewRun[] = [];
  for (const [index, item] of items.entries()) {
    const read = readRun(item, wait === undefined ? "default" : "fast_lane", randomUUID);
    if (!read.ok) return problem(400, isList ? `[${index}] ${read.problem}` : read.problem);
    specs.push(read.run);
  }
  if (!hasRoom(plane, specs.length)) return problem(429, tooMany);
  const runs = specs.map((spec) => addRun(plane.ledger, spec, moment()));
  const [first] = runs;
  const waited =
    wait === undefined || first === undefined ? undefined : untilEnd(asked, first, wait);
  for (const run of runs) announceChange(plane, run);
  if (first !== undefined) announceRun(plane.wakeUps);
  if (waited !== undefined) return asHttp(await waited);
  return json(201, isList ? runs.map(({ id }) => ({ id })) : { id: first?.id });
}

function readWait(text: string | null): number | undefined | "wrong" {
  if (text === null) return undefined;
  const ms = Number(text);
  return /^\d+$/.test(text) && ms >= 1 && ms <= maxWaitMs ? ms : "wrong";
}

/** Ended runs make room; those that are not ended are never forgotten. */
function hasRoom({ ledger }: ControlPlane, more: number): boolean {
  const { runsKept, charactersKept } = ledger.settings;
  const isFull = ledger.ended.size === 0 && ledger.keptCharacters > charactersKept;
  return !isFull && ledger.runs.size - ledger.ended.size + more <= runsKept;
}

/** The run's end by a worker; what the janitor ends answers nobody. */
async function untilEnd(
  request: ApiRequest,
  run: RunRecord,
  waitMs: number,
): Promise<WebhookAnswer> {
  const hasEnded = (): boolean => isFinal(run.state) && run.state !== "lost";
  const inTime = await until(request, run, waitMs, hasEnded);
  return inTime ? webhookAnswer(run) : webhookTimeout(run, waitMs);
}

/** Waits until something is true of a run; false where it is not in time, or the caller has gone. */
function until(
  { plane, onGone }: ApiRequest,
  run: RunRecord,
  waitMs: number,
  isTrue: () => boolean,
): Promise<boolean> {
  if (isTrue()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const stop = (inTime: boolean): void => {
      unwatch();
      clearTimeout(timer);
      plane.timers.delete(timer);
      resolve(inTime);
    };
    const unwatch = watch(plane, run, () => isTrue() && stop(true));
    const timer = later(plane, waitMs, () => stop(false));
    onGone(() => stop(false));
  });
}

function asHttp({ status, body }: WebhookAnswer): Answer {
  return body === undefined ? { status, headers: {} } : json(status, body);
}

/**
 * `GET /runs/:id`; with `?wait=MS&since=N` it is answered when the run has changed more than N
 * times (`changes`), or has ended, or the time is over.
 */
export async function getRun(request: ApiRequest): Promise<Answer> {
  const { plane, id, url } = request;
  const run = plane.ledger.runs.get(id);
  if (run === undefined) return problem(404, "no run with this id; GET /runs lists them");
  const wait = readWait(url.searchParams.get("wait"));
  if (wait === "wrong") return problem(400, `wait: not milliseconds from 1 to ${maxWaitMs}`);
  const since = Number(url.searchParams.get("since") ?? 0);
  if (wait !== undefined)
    await until(request, run, wait, () => run.changes > since || isFinal(run.state));
  return json(200, runView(run));
}

/** `POST /runs/:id/retry` `{ step_id? }` makes a run of the same work order. */
export async function postRetry({ plane, request, id }: ApiRequest): Promise<Answer> {
  const run = plane.ledger.runs.get(id);
  if (run === undefined) return problem(404, "no run with this id; GET /runs lists them");
  const body = await readJson(request);
  if (!body.ok) return problem(body.status, body.problem);
  const stepId = isRecord(body.value) ? own(body.value, "step_id") : undefined;
  if (!isRecord(body.value) || (stepId !== undefined && typeof stepId !== "string"))
    return problem(400, 'give an object, {} or { "step_id": "..." }');
  if (!hasRoom(plane, 1)) return problem(429, tooMany);
  const again = retryRun(plane.ledger, run, stepId, moment());
  if (!again.ok) return problem(400, again.problem);
  announceChange(plane, again.run);
  announceRun(plane.wakeUps);
  return json(201, { id: again.run.id });
}

/** The newest first; `?state=` and `?queue=` choose. */
export function getRuns({ plane, url }: ApiRequest): Answer {
  const state = url.searchParams.get("state");
  const queue = url.searchParams.get("queue");
  const shown: RunRecord[] = [];
  for (const run of plane.ledger.runs.values()) {
    if (state !== null && run.state !== state) continue;
    if (queue !== null && run.queued.queue !== queue) continue;
    shown.push(run);
  }
  const newest = shown.slice(-maxRunsShown).reverse();
  return json(200, { total: shown.length, runs: newest.map(runSummary) });
}
