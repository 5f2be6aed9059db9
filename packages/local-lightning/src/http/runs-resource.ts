import { randomUUID } from "node:crypto";
import type { ApiRequest } from "../api.ts";
import { type ControlPlane, later, moment } from "../control-plane.ts";
import { addRun, type NewRun, type RunRecord } from "../run-ledger.ts";
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

const maxRunsShown = 1_000;

/**
 * `POST /runs` makes a run and answers `{ id }`, or `[{ id }]` for a list. With `?wait=MS` it
 * answers when the run has ended, like a webhook that replies after completion, and like that
 * one's run it goes to the fast lane unless it says otherwise.
 */
export async function postRun({ plane, request, url, onGone }: ApiRequest): Promise<Answer> {
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
  if (!hasRoom(plane, specs.length))
    return problem(429, "too many runs wait; start a worker, or wait for the one there is");
  const runs = specs.map((spec) => addRun(plane.ledger, spec, moment()));
  const [first] = runs;
  const waited =
    wait === undefined || first === undefined ? undefined : untilEnd(plane, first, wait, onGone);
  if (first !== undefined) announceRun(plane.wakeUps);
  if (waited !== undefined) return asHttp(await waited);
  return json(201, isList ? runs.map(({ id }) => ({ id })) : { id: first?.id });
}

function readWait(text: string | null): number | undefined | "wrong" {
  if (text === null) return undefined;
  const ms = Number(text);
  return /^\d+$/.test(text) && ms >= 1 && ms <= maxWaitMs ? ms : "wrong";
}

function hasRoom({ ledger }: ControlPlane, more: number): boolean {
  return ledger.runs.size - ledger.ended.size + more <= ledger.settings.runsKept;
}

function untilEnd(
  plane: ControlPlane,
  run: RunRecord,
  ms: number,
  onGone: ApiRequest["onGone"],
): Promise<WebhookAnswer> {
  return new Promise((resolve) => {
    const stop = (answer: WebhookAnswer): void => {
      clearTimeout(timer);
      plane.timers.delete(timer);
      plane.waiting.get(run.id)?.delete(tell);
      resolve(answer);
    };
    const timer = later(plane, ms, () => stop(webhookTimeout(run, ms)));
    const tell = (ended: RunRecord): void => stop(webhookAnswer(ended));
    plane.waiting.set(run.id, new Set([tell]));
    onGone(() => stop(webhookTimeout(run, ms)));
  });
}

function asHttp({ status, body }: WebhookAnswer): Answer {
  return body === undefined ? { status, headers: {} } : json(status, body);
}

export function getRun({ plane, id }: ApiRequest): Answer {
  const run = plane.ledger.runs.get(id);
  if (run === undefined) return problem(404, "no run with this id; GET /runs lists them");
  return json(200, runView(run));
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
