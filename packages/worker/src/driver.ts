import {
  type CoreSettings,
  type Effect,
  type Happening,
  initialState,
  isBusy,
  type JournalledRun,
  type RandomState,
  type RunEvent,
  type RunningPlan,
  step,
  type WorkerEvent,
  type WorkerState,
  wakeAt,
} from "./core/index.ts";
import type { Ports, SocketEvent, TransportSocket } from "./ports.ts";

export interface Driver {
  /** Opens the socket and begins to claim. */
  start(): void;
  /** Ends what a worker held that has died meanwhile. */
  inherit(runs: readonly JournalledRun[]): void;
  /** Lets every lane with room claim now. */
  claimNow(): void;
  /** Finishes what is held, within this time, then stops. */
  drain(withinMs: number): void;
  /** Ends at once. */
  stop(): void;
  state(): WorkerState;
  /** The ids of the runs that were left unfinished, once the worker has stopped. */
  readonly stopped: Promise<readonly string[]>;
}

/** Sees each event and what followed from it, in order. */
export type Trace = (event: WorkerEvent, effects: readonly Effect[], state: WorkerState) => void;

/** One promise for all that an engine says meanwhile: it need not say one thing after the other. */
interface Hold {
  readonly over: Promise<void>;
  readonly end: () => void;
}

interface Alarm {
  readonly at: number;
  readonly cancel: () => void;
}

const noAlarm: Alarm = { at: Number.POSITIVE_INFINITY, cancel: () => {} };

/** What the loop holds between two events. */
interface Loop {
  readonly ports: Ports;
  readonly trace: Trace | undefined;
  state: WorkerState;
  readonly queue: WorkerEvent[];
  working: boolean;
  alarm: Alarm;
  readonly sockets: Map<number, TransportSocket>;
  readonly running: Map<string, RunningPlan>;
  /** Engines that wait for the server to take what their run has said already. */
  readonly held: Map<string, Hold>;
  readonly finish: (left: readonly string[]) => void;
}

/**
 * The only loop that does things. It brings each event to the core, one after the other, and does
 * what the core wants done; it decides nothing itself. What an effect causes at once waits until
 * the effects before it are done.
 */
export function createDriver(
  settings: CoreSettings,
  seed: RandomState,
  ports: Ports,
  trace?: Trace,
): Driver {
  let finish: (left: readonly string[]) => void = () => {};
  const stopped = new Promise<readonly string[]>((resolve) => {
    finish = resolve;
  });
  const loop: Loop = {
    ports,
    trace,
    state: initialState(settings, seed),
    queue: [],
    working: false,
    alarm: noAlarm,
    sockets: new Map(),
    running: new Map(),
    held: new Map(),
    finish,
  };
  return {
    start: () => dispatch(loop, { type: "start", recovered: ports.journal.recovered() }),
    inherit: (runs) => dispatch(loop, { type: "inherited", runs }),
    claimNow: () => dispatch(loop, { type: "claim-now" }),
    drain: (withinMs) => dispatch(loop, { type: "drain", withinMs }),
    stop: () => dispatch(loop, { type: "stop" }),
    state: () => loop.state,
    stopped,
  };
}

function dispatch(loop: Loop, happening: Happening): void {
  const { clock } = loop.ports;
  loop.queue.push({ ...happening, at: clock.now(), wall: clock.wall() });
  if (loop.working) return;
  loop.working = true;
  try {
    for (let event = loop.queue.shift(); event !== undefined; event = loop.queue.shift()) {
      const { state, effects } = step(loop.state, event);
      loop.state = state;
      loop.trace?.(event, effects, state);
      for (const effect of effects) perform(loop, effect);
    }
  } finally {
    loop.working = false;
  }
  releaseEngines(loop);
  setAlarm(loop);
}

function setAlarm(loop: Loop): void {
  const at = wakeAt(loop.state);
  if (at === loop.alarm.at) return;
  loop.alarm.cancel();
  loop.alarm = noAlarm;
  if (!Number.isFinite(at)) return;
  const cancel = loop.ports.clock.wakeAt(at, () => {
    loop.alarm = noAlarm;
    dispatch(loop, { type: "tick" });
  });
  loop.alarm = { at, cancel };
}

function perform(loop: Loop, effect: Effect): void {
  const { ports } = loop;
  switch (effect.type) {
    case "open-socket":
      openSocket(loop, effect.socket);
      return;
    case "close-socket":
      loop.sockets.get(effect.socket)?.close();
      loop.sockets.delete(effect.socket);
      return;
    case "send":
      loop.sockets.get(effect.socket)?.send(effect.frame);
      return;
    case "check-token":
      void ports.tokens
        .check(effect.token, effect.run)
        .then((verdict) => dispatch(loop, { type: "token-checked", run: effect.run, verdict }));
      return;
    case "journal":
      void ports.journal.append(effect.entry).then(() => {
        if (effect.reply) dispatch(loop, { type: "journalled", run: effect.entry.run });
      });
      return;
    case "execute":
      execute(loop, effect);
      return;
    case "kill":
      loop.running.get(effect.run)?.kill(effect.error);
      return;
    case "log":
      ports.log(effect.level, effect.message, effect.fields);
      return;
    case "observe":
      ports.observe(effect.observation);
      return;
    case "stopped":
      loop.finish(effect.left);
      return;
  }
}

function openSocket(loop: Loop, id: number): void {
  const socket = loop.ports.transport.open((event) => {
    if (event.type === "closed") loop.sockets.delete(id);
    dispatch(loop, toHappening(id, event));
  });
  loop.sockets.set(id, socket);
}

function toHappening(socket: number, event: SocketEvent): Happening {
  switch (event.type) {
    case "open":
      return { type: "socket-open", socket };
    case "frame":
      return { type: "socket-frame", socket, frame: event.frame };
    case "malformed":
      return { type: "socket-malformed", socket, problem: event.problem };
    case "closed":
      return { type: "socket-closed", socket, reason: event.reason };
  }
}

function execute(loop: Loop, effect: Extract<Effect, { type: "execute" }>): void {
  const { run, plan, input, options, lane } = effect;
  const onEvent = (event: RunEvent): void | Promise<void> => {
    dispatch(loop, { type: "run-event", run, event });
    if (isHeld(loop, run)) return hold(loop, run);
  };
  const execution = loop.ports.engine.execute(plan, input, options, lane, onEvent);
  loop.running.set(run, execution);
  void execution.ended.then(() => {
    loop.running.delete(run);
    dispatch(loop, { type: "run-ended", run });
  });
}

function hold(loop: Loop, run: string): Promise<void> {
  const held = loop.held.get(run);
  if (held !== undefined) return held.over;
  let end: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  loop.held.set(run, { over, end });
  return over;
}

function isHeld(loop: Loop, run: string): boolean {
  const outbox = loop.state.runs.get(run)?.outbox;
  return outbox !== undefined && isBusy(outbox, loop.state.settings.limits);
}

function releaseEngines(loop: Loop): void {
  for (const [run, { end }] of loop.held) {
    if (isHeld(loop, run)) continue;
    loop.held.delete(run);
    end();
  }
}
