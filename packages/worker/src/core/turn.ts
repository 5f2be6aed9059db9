import type { Channel, ConnectionState, Purpose } from "./connection-state.ts";
import type { Effect, LogFields, LogLevel, Observation } from "./effect.ts";
import type { Instant } from "./event.ts";
import type { LaneState } from "./lane-state.ts";
import { nextWord } from "./random.ts";
import type { RunState } from "./run/run-state.ts";
import type { WorkerState } from "./state.ts";

/** What the connection tells those who use it: lanes and runs. */
export type Notice =
  | { readonly type: "joined"; readonly topic: string }
  | { readonly type: "join-refused"; readonly topic: string; readonly reason: string }
  /** The channel is gone; nothing that was asked on it will be answered. It is being joined again. */
  | { readonly type: "down"; readonly topic: string; readonly crashed: boolean }
  | { readonly type: "push"; readonly topic: string; readonly event: string }
  | {
      readonly type: "reply";
      readonly ref: string;
      readonly purpose: Purpose;
      readonly late: boolean;
      readonly ok: boolean;
      readonly response: unknown;
    }
  | { readonly type: "unanswered"; readonly ref: string; readonly purpose: Purpose };

/**
 * One step in the making. It replaces parts of the state and collects effects; nothing in it
 * outlives the step, so that `step` stays a function of a state and an event.
 */
export interface Turn extends Instant {
  state: WorkerState;
  readonly effects: Effect[];
  readonly notices: Notice[];
}

export function log(turn: Turn, level: LogLevel, message: string, fields: LogFields = {}): void {
  turn.effects.push({ type: "log", level, message, fields });
}

export function observe(turn: Turn, observation: Observation): void {
  turn.effects.push({ type: "observe", observation });
}

export function setConnection(turn: Turn, change: Partial<ConnectionState>): void {
  turn.state = { ...turn.state, connection: { ...turn.state.connection, ...change } };
}

export function setChannel(turn: Turn, channel: Channel): void {
  const channels = new Map(turn.state.connection.channels).set(channel.topic, channel);
  setConnection(turn, { channels });
}

export function laneAt(turn: Turn, index: number): LaneState {
  const lane = turn.state.lanes[index];
  if (lane === undefined) throw new Error(`there is no lane ${index}`);
  return lane;
}

export function setLane(turn: Turn, index: number, change: Partial<LaneState>): void {
  const lanes = turn.state.lanes.with(index, { ...laneAt(turn, index), ...change });
  turn.state = { ...turn.state, lanes };
}

export function setRun(turn: Turn, run: RunState): RunState {
  turn.state = { ...turn.state, runs: new Map(turn.state.runs).set(run.id, run) };
  return run;
}

/** A number in [0, 1). */
function draw(turn: Turn): number {
  const [word, random] = nextWord(turn.state.random);
  turn.state = { ...turn.state, random };
  return word / 2 ** 32;
}

/** A time between the two, any as likely as the other: peers that failed together do not return together. */
export function jitter(turn: Turn, fromMs: number, toMs: number): number {
  return fromMs + draw(turn) * Math.max(0, toMs - fromMs);
}

/** A random UUID (version 4). */
export function drawUuid(turn: Turn): string {
  let hex = "";
  for (let words = 0; words < 4; words += 1) {
    const [word, random] = nextWord(turn.state.random);
    turn.state = { ...turn.state, random };
    hex += word.toString(16).padStart(8, "0");
  }
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
