import {
  type CoreSettings,
  defaultSettings,
  type Effect,
  type Happening,
  initialState,
  step,
  type WorkerState,
  wakeAt,
} from "@workloops/worker/core";
import { type Frame, QUEUE_TOPIC, runTopic } from "@workloops/worker/protocol";

interface Lane {
  readonly queues: readonly string[];
  readonly capacity: number;
}

/** `fast_lane:1 manual>*:4` -> lanes, for tests that are not about the language. */
function lanesOf(configuration: string): readonly Lane[] {
  return configuration.split(" ").map((group) => {
    const [chain = "", capacity = ""] = group.split(":");
    return { queues: chain.split(">"), capacity: Number(capacity) };
  });
}

export function settingsOf(
  configuration: string,
  change: Partial<CoreSettings> = {},
): CoreSettings {
  const lanes = lanesOf(configuration);
  return {
    ...defaultSettings,
    lanes,
    join: {
      capacity: lanes.reduce((sum, lane) => sum + lane.capacity, 0),
      queues: Object.fromEntries(lanes.map((lane) => [lane.queues.join(">"), lane.capacity])),
    },
    ...change,
  };
}

/** Speaks to the core as the world would, one event at a time, and keeps what it answers. */
export class ScriptedWorker {
  state: WorkerState;
  now = 1_000;
  answersHeartbeats = true;
  effects: Effect[] = [];
  private epoch = 1_700_000_000_000;

  constructor(configuration: string, change: Partial<CoreSettings> = {}) {
    this.state = initialState(settingsOf(configuration, change), [1, 2, 3, 4]);
  }

  tell(happening: Happening): readonly Effect[] {
    const result = step(this.state, { ...happening, at: this.now, wall: this.epoch + this.now });
    this.state = result.state;
    this.effects.push(...result.effects);
    return result.effects;
  }

  /** Lets the time pass, tick by tick, as the driver would. Heartbeats are answered. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (let at = wakeAt(this.state); at <= end; at = wakeAt(this.state)) {
      this.now = Math.max(this.now, at);
      for (const effect of this.tell({ type: "tick" })) {
        const isBeat = effect.type === "send" && effect.frame.topic === "phoenix";
        if (isBeat && this.answersHeartbeats) this.reply(effect.frame, "ok", {});
      }
    }
    this.now = end;
  }

  /** Lets the time pass without being scheduled. */
  sleep(ms: number): void {
    this.now += ms;
    this.tell({ type: "tick" });
  }

  start(): this {
    this.tell({ type: "start", recovered: [] });
    return this;
  }

  /** Opens the socket that was asked for last, and answers the join of the queue. */
  join(): this {
    this.open();
    this.reply(this.lastSent("phx_join", QUEUE_TOPIC), "ok", {});
    return this;
  }

  open(): void {
    const asked = this.effects.findLast((effect) => effect.type === "open-socket");
    this.tell({ type: "socket-open", socket: asked?.socket ?? 0 });
  }

  close(reason = "gone"): void {
    this.tell({ type: "socket-closed", socket: this.socket, reason });
  }

  get socket(): number {
    return this.state.connection.sockets;
  }

  /** Frames that were sent since the start, of this event and topic where they are given. */
  sent(event?: string, topic?: string): readonly Frame[] {
    return this.effects
      .flatMap((effect) => (effect.type === "send" ? [effect.frame] : []))
      .filter((frame) => event === undefined || frame.event === event)
      .filter((frame) => topic === undefined || frame.topic === topic);
  }

  lastSent(event: string, topic?: string): Frame {
    const frame = this.sent(event, topic).at(-1);
    if (frame === undefined) throw new Error(`no ${event} was sent`);
    return frame;
  }

  reply(to: Frame, status: "ok" | "error", response: unknown): readonly Effect[] {
    const { joinRef, ref, topic } = to;
    return this.receive({ joinRef, ref, topic, event: "phx_reply", payload: { status, response } });
  }

  receive(frame: Frame): readonly Effect[] {
    return this.tell({ type: "socket-frame", socket: this.socket, frame });
  }

  push(topic: string, event: string): void {
    const channel = this.state.connection.channels.get(topic);
    const joinRef = channel?.mode === "joined" ? channel.joinRef : null;
    this.receive({ joinRef, ref: null, topic, event, payload: {} });
  }

  wake(): void {
    this.push(QUEUE_TOPIC, "work-available");
  }

  /** Answers the last claim of this lane with these runs. */
  grant(chain: string, ...ids: readonly string[]): readonly Effect[] {
    return this.reply(this.lastClaim(chain), "ok", {
      runs: ids.map((id) => ({ id, token: `token of ${id}` })),
    });
  }

  claims(chain?: string): readonly Frame[] {
    return this.sent("claim").filter(
      ({ payload }) =>
        chain === undefined || (payload as { queues: string[] }).queues.join(">") === chain,
    );
  }

  lastClaim(chain: string): Frame {
    const claim = this.claims(chain).at(-1);
    if (claim === undefined) throw new Error(`${chain} sent no claim`);
    return claim;
  }

  /** Brings a run that was granted to where the engine executes it. */
  execute(run: string, plan: object = { jobs: [{ id: "a", body: "x" }], edges: [] }): void {
    this.tell({
      type: "token-checked",
      run,
      verdict: { ok: true, value: { expiresAt: undefined } },
    });
    this.reply(this.lastSent("phx_join", runTopic(run)), "ok", {});
    this.reply(this.lastSent("fetch:plan", runTopic(run)), "ok", plan);
    this.tell({ type: "journalled", run });
  }

  /** Lets an executing run end well, and answers its run:complete. */
  finish(run: string): void {
    this.tell({
      type: "run-event",
      run,
      event: { type: "workflow-complete", time: 0, durationMs: 1 },
    });
    this.tell({ type: "run-ended", run });
    this.answerEvents(run);
  }

  /** Answers every event of this run, one after the other, until none is open. */
  answerEvents(run: string): void {
    for (let sent = this.inFlight(run); sent !== undefined; sent = this.inFlight(run)) {
      this.reply(sent, "ok", {});
    }
  }

  inFlight(run: string): Frame | undefined {
    const ref = this.state.runs.get(run)?.outbox.inFlight?.ref;
    const sent = this.effects.findLast(
      (effect) => effect.type === "send" && effect.frame.ref === ref,
    );
    return ref !== undefined && sent?.type === "send" ? sent.frame : undefined;
  }

  /** The events that a run's channel carried, without joins. */
  eventsOf(run: string): readonly string[] {
    return this.sent(undefined, runTopic(run))
      .map((frame) => frame.event)
      .filter((event) => !event.startsWith("phx_"));
  }

  lane(chain: string) {
    const lane = this.state.lanes.find((l) => l.chain === chain);
    if (lane === undefined) throw new Error(`there is no lane ${chain}`);
    return lane;
  }

  logs(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.type === "log" ? [effect.message] : []));
  }
}
