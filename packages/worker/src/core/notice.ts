import { QUEUE_TOPIC, queueEvent, runOfTopic } from "../protocol/index.ts";
import { endClaim, onClaimReply, onQueueDown, onQueueJoined, wakeLane } from "./lane.ts";
import { waitToAsk } from "./run/ask-again.ts";
import { onReportInterrupted, onReportReply, onReportUnanswered } from "./run/deliver.ts";
import { onCredentialReply, onDataclipReply } from "./run/load.ts";
import { onPlanReply, onRunJoined, onRunRefused, settle } from "./run/run.ts";
import type { RunState } from "./run/run-state.ts";
import { laneAt, log, type Notice, observe, setConnection, type Turn } from "./turn.ts";

/** Brings what the connection says to the lane or the run that it is for. */
export function handleNotice(turn: Turn, notice: Notice): void {
  switch (notice.type) {
    case "joined":
    case "join-refused":
    case "down":
      if (notice.topic === QUEUE_TOPIC) onQueueChannel(turn, notice);
      else onRunChannel(turn, notice, runOfChannel(turn, notice.topic));
      return;
    case "push":
      if (notice.topic === QUEUE_TOPIC && notice.event === queueEvent.workAvailable) {
        for (const lane of turn.state.lanes) wakeLane(turn, lane.index);
      }
      return;
    case "reply":
      onReply(turn, notice);
      return;
    case "unanswered":
      onUnanswered(turn, notice);
      return;
  }
}

type ChannelNotice = Extract<Notice, { readonly type: "joined" | "join-refused" | "down" }>;

function onQueueChannel(turn: Turn, notice: ChannelNotice): void {
  if (notice.type === "down") onQueueDown(turn);
  else if (notice.type === "join-refused") {
    log(turn, "warn", `cannot join the queue: ${notice.reason}`);
  } else {
    observe(turn, { type: "joined", again: turn.state.connection.everJoined });
    log(turn, "info", "joined the queue of Lightning");
    setConnection(turn, { attempt: 0, everJoined: true });
    onQueueJoined(turn);
  }
}

function onRunChannel(turn: Turn, notice: ChannelNotice, run: RunState | undefined): void {
  if (run === undefined) return;
  if (notice.type === "joined") onRunJoined(turn, run);
  else if (notice.type === "join-refused") onRunRefused(turn, run, notice.reason);
  else onReportInterrupted(turn, run, notice.crashed);
}

function onReply(turn: Turn, notice: Extract<Notice, { readonly type: "reply" }>): void {
  const { ref, purpose, ok, response } = notice;
  if (purpose.type === "claim") {
    onClaimReply(turn, purpose.lane, ref, ok, response);
    return;
  }
  const run = runOf(turn, purpose.run);
  switch (purpose.type) {
    case "plan":
      onPlanReply(turn, run, ok, response);
      return;
    case "dataclip":
      onDataclipReply(turn, run, ok, response);
      settle(turn, run.id);
      return;
    case "credential":
      onCredentialReply(turn, run, purpose.credential, ok, response);
      settle(turn, run.id);
      return;
    case "report":
      onReportReply(turn, run, ref, ok, response);
      return;
  }
}

function onUnanswered(turn: Turn, notice: Extract<Notice, { readonly type: "unanswered" }>): void {
  const { ref, purpose } = notice;
  if (purpose.type === "claim") {
    const lane = laneAt(turn, purpose.lane);
    if (lane.claim?.ref !== ref) return;
    log(turn, "warn", "a claim was not answered in time: its slots are free again", {
      lane: lane.chain,
    });
    endClaim(turn, purpose.lane, "unanswered", 0);
    return;
  }
  const run = runOf(turn, purpose.run);
  if (purpose.type === "report") onReportUnanswered(turn, run, ref);
  else waitToAsk(turn, run);
}

/** The run may be gone by the time that its channel says something. */
function runOfChannel(turn: Turn, topic: string): RunState | undefined {
  const id = runOfTopic(topic);
  if (id === undefined) throw new Error(`${topic} is the channel of no run`);
  return turn.state.runs.get(id);
}

/** What a run has asked is forgotten with it. */
function runOf(turn: Turn, id: string): RunState {
  const run = turn.state.runs.get(id);
  if (run === undefined) throw new Error(`an answer for ${id}, which is no run of this worker`);
  return run;
}
