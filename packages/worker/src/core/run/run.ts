import type { RunError, RunEvent } from "@workloops/engine";
import { readLightningPlan, runEvent, runTopic, sayRefusal } from "../../protocol/index.ts";
import { ask, isJoined, openChannel } from "../channel.ts";
import type { TokenVerdict } from "../event.ts";
import { drawUuid, log, observe, setRun, type Turn } from "../turn.ts";
import { takeNextToAsk, waitToAsk } from "./ask-again.ts";
import { TOKEN_GRACE_MS } from "./begin-run.ts";
import { deliver } from "./deliver.ts";
import { closeRun, fieldsOf, loseRun } from "./end-run.ts";
import { askForContent, finishLoading } from "./load.ts";
import { enqueue, isFlooded, type Outgoing } from "./outbox.ts";
import { reportDropped, reportEvent, reportVerdict } from "./report.ts";
import { toRunPlan, withCredentials } from "./run-plan.ts";
import type { RunState } from "./run-state.ts";

/** How often something is asked for that the server does not answer. */
const MAX_ASKED = 3;

/** A server that does not know the run, or its token, says so again: it is asked this often. */
const MAX_REFUSALS = 3;

export function onTokenChecked(turn: Turn, run: RunState, verdict: TokenVerdict): void {
  if (run.phase.type !== "checking") throw new Error(`token of ${run.id} checked twice`);
  const { messageTimeoutMs } = turn.state.settings;
  const expiry = verdict.ok ? verdict.value.expiresAt : undefined;
  const refused: RunError | undefined = verdict.ok
    ? undefined
    : { reason: "exception", type: "InvalidToken", message: verdict.problem };
  if (refused !== undefined) log(turn, "error", refused.message, fieldsOf(turn, run));
  setRun(turn, {
    ...run,
    // Our clock may be wrong, and the server's decides: whatever ours says, a join is tried.
    expiresAt:
      expiry === undefined
        ? run.expiresAt
        : turn.at + Math.max(messageTimeoutMs, expiry - turn.wall),
    expiryKnown: expiry !== undefined,
    verdict: run.verdict ?? refused,
    phase: { type: "joining" },
  });
  openChannel(turn, runTopic(run.id), { token: run.token }, messageTimeoutMs);
}

/** Joined, for the first time or again: whatever waits for the channel goes out. */
export function onRunJoined(turn: Turn, joined: RunState): void {
  const run = setRun(turn, { ...joined, refusals: 0 });
  switch (run.phase.type) {
    case "joining":
      if (run.outbox.waiting.length > 0) {
        const reporting = setRun(turn, { ...run, phase: { type: "reporting" } });
        deliver(turn, reporting);
      } else if (run.verdict !== undefined) conclude(turn, run, run.verdict);
      else askForPlan(turn, run, 0);
      return;
    case "planning":
    case "loading":
      waitToAsk(turn, run);
      return;
    case "recording":
    case "running":
    case "reporting":
      deliver(turn, run);
      return;
    default:
      throw new Error(`run ${run.id} has no channel while it is ${run.phase.type}`);
  }
}

export function onRunRefused(turn: Turn, run: RunState, reason: string): void {
  log(turn, "warn", `cannot join the run's channel: ${reason}`, fieldsOf(turn, run));
  if (reason !== "unauthorized" && reason !== "not_found") return;
  const refusals = run.refusals + 1;
  if (refusals >= MAX_REFUSALS) loseRun(turn, run, `Lightning refuses its channel (${reason})`);
  else setRun(turn, { ...run, refusals });
}

export function onPlanReply(turn: Turn, run: RunState, ok: boolean, response: unknown): void {
  if (run.phase.type !== "planning") return;
  const plan = ok ? readLightningPlan(response) : ({ ok, problem: sayRefusal(response) } as const);
  if (!plan.ok) {
    conclude(turn, run, planError(`Lightning gave no usable plan: ${plan.problem}`));
    return;
  }
  const runPlan = toRunPlan(plan.value, run, turn.state.settings);
  const loading = {
    type: "loading",
    plan: runPlan,
    asked: 0,
    input: runPlan.dataclipId === undefined ? ({ ok: true, value: "{}" } as const) : undefined,
    credentials: new Map(runPlan.credentialIds.map((id) => [id, undefined])),
  } as const;
  const expiresAt = run.expiryKnown
    ? run.expiresAt
    : turn.at + runPlan.options.timeoutMs + TOKEN_GRACE_MS;
  askForContent(turn, setRun(turn, { ...run, expiresAt, phase: loading }), loading);
  settle(turn, run.id);
}

/** Asks anew for what the server has not answered, one run at a time. */
export function askAgain(turn: Turn): void {
  for (let run = takeNextToAsk(turn); run !== undefined; run = takeNextToAsk(turn)) {
    if (run.phase.type === "planning") askForPlan(turn, run, run.phase.asked);
    if (run.phase.type !== "loading") continue;
    askForContent(turn, run, run.phase);
    settle(turn, run.id);
  }
}

function askForPlan(turn: Turn, run: RunState, asked: number): void {
  if (asked >= MAX_ASKED) {
    conclude(turn, run, planError(`Lightning sent no plan, asked ${asked} times`));
    return;
  }
  const topic = runTopic(run.id);
  setRun(turn, { ...run, phase: { type: "planning", asked: asked + 1 } });
  const { messageTimeoutMs } = turn.state.settings;
  ask(turn, topic, runEvent.fetchPlan, {}, { type: "plan", run: run.id }, messageTimeoutMs);
}

function planError(message: string): RunError {
  return { reason: "exception", type: "PlanError", message };
}

/** Goes on where everything that was asked for has come. */
export function settle(turn: Turn, id: string): void {
  const run = turn.state.runs.get(id);
  if (run?.phase.type !== "loading") return;
  const loaded = finishLoading(run.phase);
  if (loaded === undefined) return;
  if (!loaded.ok) {
    conclude(turn, run, loaded.error);
    return;
  }
  const { plan } = run.phase;
  const execution = withCredentials(plan.execution, loaded.credentials);
  const phase = { type: "recording", plan: { ...plan, execution }, input: loaded.input } as const;
  setRun(turn, { ...run, phase });
  turn.effects.push({ type: "journal", entry: { type: "started", run: id }, reply: true });
}

/** That it starts will be known whatever happens to this process: now it may. */
export function onJournalled(turn: Turn, run: RunState): void {
  // It was ended in the meantime, by a drain or because its channel is lost.
  if (run.phase.type !== "recording") return;
  const { plan, input } = run.phase;
  setRun(turn, { ...run, engineAlive: true, phase: { type: "running", plan } });
  turn.effects.push({
    type: "execute",
    run: run.id,
    lane: fieldsOf(turn, run).lane,
    plan: plan.execution,
    input,
    options: plan.options,
  });
}

export function onRunEvent(turn: Turn, run: RunState, event: RunEvent): void {
  if (run.phase.type === "closing") return;
  if (run.phase.type !== "running") {
    throw new Error(`run ${run.id} says ${event.type} while it is ${run.phase.type}`);
  }
  if (event.type === "log" && isFlooded(run.outbox, turn.state.settings.limits)) {
    const droppedLines = run.outbox.droppedLines + 1;
    setRun(turn, { ...run, outbox: { ...run.outbox, droppedLines } });
    return;
  }
  const { report, outgoing } = reportEvent(run.report, event, {
    run: run.id,
    plan: run.phase.plan,
    workerVersion: turn.state.settings.workerVersion,
    maxTextBytes: turn.state.settings.limits.textBytes,
    newId: () => drawUuid(turn),
  });
  if (event.type === "workflow-start") {
    const sinceClaimMs = turn.at - run.claimedAt;
    observe(turn, { type: "run-started", lane: run.lane, sinceClaimMs });
  }
  const dropped = run.outbox.droppedLines;
  const isLast = event.type === "workflow-complete" || event.type === "workflow-error";
  post(
    turn,
    {
      ...run,
      report,
      ...(isLast && {
        phase: { type: "reporting" } as const,
        outcome: event.error?.reason ?? "success",
      }),
    },
    isLast && dropped > 0 ? [reportDropped(run.id, dropped, event.time), ...outgoing] : outgoing,
  );
}

/** The engine is done with it. One that says nothing first has broken. */
export function onRunEnded(turn: Turn, run: RunState): void {
  const ended = setRun(turn, { ...run, engineAlive: false });
  if (run.phase.type === "closing") closeRun(turn, ended);
  else if (run.phase.type === "running") {
    conclude(turn, ended, {
      reason: "crash",
      type: "ExitError",
      message: "The run ended without saying how.",
    });
  }
}

/** Reports this end, and nothing else, for a run that is not being executed. */
export function conclude(turn: Turn, run: RunState, error: RunError): void {
  log(turn, "warn", `ends with ${error.reason}: ${error.message}`, fieldsOf(turn, run));
  const ended: RunState = { ...run, phase: { type: "reporting" }, outcome: error.reason };
  post(turn, ended, reportVerdict(run.id, error, turn.wall));
}

function post(turn: Turn, run: RunState, outgoing: readonly Outgoing[]): void {
  const outbox = outgoing.reduce(enqueue, run.outbox);
  const next = setRun(turn, { ...run, outbox });
  if (isJoined(turn, runTopic(run.id))) deliver(turn, next);
}
