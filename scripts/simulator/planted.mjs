// Faults put into the worker by hand, each one that somebody could write: among them everything
// that was seen in the incumbent and that concerns lanes, claims, drain or reconnect. `file` is
// below packages/worker/src; `from` has to stand there once.
const lane = "core/lane.ts";
const channel = "core/channel.ts";
const connection = "core/connection.ts";

export const planted = [
  {
    name: "each finished run starts one more poll loop",
    file: "core/run/end-run.ts",
    from: "if (run.holdsSlot) freeSlot(turn, run.lane);",
    to: "if (run.holdsSlot) freeSlot(turn, run.lane); turn.state = { ...turn.state, lanes: turn.state.lanes.map((each) => ({ ...each, nextClaimAt: turn.at })) };",
  },
  {
    name: "a wake-up on a lane with an open claim ends its polling",
    file: lane,
    from: "nextClaimAt: lane.woken ? Math.min(polled, Math.max(turn.at, deafUntil)) : polled,",
    to: "nextClaimAt: lane.woken ? Number.POSITIVE_INFINITY : polled,",
  },
  {
    name: "a claim in flight at a disconnect holds its slot for the claim timeout",
    file: lane,
    from: 'endClaim(turn, lane.index, "lost", 0);',
    to: "",
  },
  {
    name: "a wake-up starts a second claim beside the open one",
    file: lane,
    from: "lane.claim === undefined &&\n    freeSlots(lane) > 0 &&",
    to: "freeSlots(lane) > 0 &&",
  },
  {
    name: "a run is not counted before its token is checked",
    file: "core/run/begin-run.ts",
    from: "setLane(turn, lane, { active: laneAt(turn, lane).active + 1 });",
    to: "turn.state.lanes.length;",
  },
  {
    name: "an open claim holds no permit",
    file: "core/lane-state.ts",
    from: "lane.capacity - lane.active - (lane.claim?.demand ?? 0)",
    to: "lane.capacity - lane.active",
  },
  {
    name: "every claim asks for the whole capacity",
    file: lane,
    from: "const demand = freeSlots(lane);",
    to: "const demand = lane.capacity;",
  },
  {
    name: "surplus runs start last in, first out",
    file: lane,
    from: "const [next, ...surplus] = lane.surplus;",
    to: "const next = lane.surplus.at(-1); const surplus = lane.surplus.slice(0, -1);",
  },
  {
    name: "surplus runs start without a slot",
    file: lane,
    from: "if (next === undefined || freeSlots(lane) <= 0) return;",
    to: "if (next === undefined) return;",
  },
  {
    name: "runs in a late claim reply are ignored in silence",
    file: lane,
    from: "for (const run of fresh) takeUp(turn, index, run);",
    to: "if (inTime) for (const run of fresh) takeUp(turn, index, run);",
  },
  {
    name: "a claim reply that comes twice is taken up twice",
    file: "core/run/begin-run.ts",
    from: "runs.has(id) ||\n    endedRuns.includes(id) ||",
    to: "",
  },
  {
    name: "a wait after a claim that brought nothing never grows",
    file: lane,
    from: "Math.min(settings.backoffMaxMs, lane.backoffMs * BACKOFF_GROWTH)",
    to: "settings.backoffMinMs",
  },
  {
    name: "a lane that was refused never claims again",
    file: lane,
    from: "const polled = settings.polling ? turn.at + delayMs",
    to: 'const polled = settings.polling && outcome !== "refused" ? turn.at + delayMs',
  },
  {
    name: "a lane waits for its backoff after a reconnect",
    file: lane,
    from: "nextClaimAt: settings.polling ? turn.at : Number.POSITIVE_INFINITY,",
    to: "nextClaimAt: settings.polling ? turn.at + 60_000 : Number.POSITIVE_INFINITY,",
  },
  {
    name: "a slot that a run has left is not claimed for",
    file: "core/run/end-run.ts",
    from: "if (run.holdsSlot) freeSlot(turn, run.lane);",
    to: "",
  },
  {
    name: "a channel is joined again without leaving the old one",
    file: channel,
    from: "  leave(turn, channel);\n  dropRequests(turn, topic);\n  const {",
    to: "  dropRequests(turn, topic);\n  const {",
    equivalent:
      "a join takes the place of the channel that is there, on the server as on the worker",
  },
  {
    name: "the close of an older channel ends the one that is joined now",
    file: connection,
    from: 'if (channel.mode !== "joined" || frame.joinRef !== channel.joinRef) return;',
    to: 'if (channel.mode !== "joined") return;',
  },
  {
    name: "a half-open socket is not noticed",
    file: connection,
    from: 'turn.effects.push({ type: "close-socket", socket: socket.id });\n    onSocketClosed(turn, socket.id, "its heartbeat was not answered");\n    return;',
    to: "",
  },
  {
    name: "frames are not dropped by the number of their socket",
    file: connection,
    from: 'if (socket.mode !== "open" || socket.id !== id) return;\n  if (frame.topic',
    to: "if (frame.topic",
    equivalent: "one socket is open at a time, and its frames end with its close",
  },
  {
    name: "after SIGTERM a lane goes on to claim",
    file: lane,
    from: 'mode.type === "working" &&\n    lane.claim',
    to: 'mode.type !== "ending" &&\n    lane.claim',
  },
  {
    name: "a drain has no deadline",
    file: "core/drain.ts",
    from: "if (mode.deadline <= turn.at) {",
    to: "if (mode.deadline < 0) {",
  },
  {
    name: "a drain does not wait for an open claim",
    file: "core/drain.ts",
    from: "state.runs.size === 0 && state.lanes.every((lane) => lane.claim === undefined)",
    to: "state.runs.size === 0",
  },
  {
    name: "SIGTERM twice: what is lost is not named",
    file: "core/drain.ts",
    from: 'turn.effects.push({ type: "stopped", left });',
    to: 'turn.effects.push({ type: "stopped", left: [] });',
  },
  {
    name: "run:complete is tried once",
    file: "core/run/deliver.ts",
    from: "if (isLog(inFlight) && inFlight.attempts > settings.resendLimit) {",
    to: 'if (inFlight.event === "run:complete") { closeRun(turn, run); return; }\n  if (isLog(inFlight) && inFlight.attempts > settings.resendLimit) {',
  },
  {
    name: "an event in flight at a disconnect is never sent again",
    file: "core/run/deliver.ts",
    from: "  } else resend(turn, run, inFlight);\n}",
    to: "  } else answered(turn, run, inFlight);\n}",
  },
  {
    name: "the next event goes out before the last is answered",
    file: "core/run/deliver.ts",
    from: "if (inFlight === undefined || inFlight.ref !== undefined) {",
    to: "if (inFlight === undefined) {",
  },
  {
    name: "what the engine says last is not waited for",
    file: "core/run/run.ts",
    from: 'if (run.phase.type === "closing") closeRun(turn, ended);',
    to: 'if (run.phase.type === "reporting" || run.phase.type === "closing") closeRun(turn, ended);',
  },
  {
    name: "a grant is not written down before it is taken up",
    file: lane,
    from: 'turn.effects.push({ type: "journal", entry, reply: false });',
    to: "",
  },
  {
    name: "a run executes before the journal holds that it starts",
    file: "core/run/run.ts",
    from: 'turn.effects.push({ type: "journal", entry: { type: "started", run: id }, reply: true });',
    to: "onJournalled(turn, turn.state.runs.get(id) as RunState);",
  },
  {
    name: "a run that had started is executed again after a restart",
    file: "core/step.ts",
    from: "  if (started) {",
    to: "  if (started && end !== undefined) {",
  },
  {
    name: "after a sleep everything is called late before what came is read",
    file: "core/step.ts",
    from: "if (lateMs > LATE_TICK_MS) {",
    to: "if (lateMs > LATE_TICK_MS * 1e6) {",
  },
  {
    name: "a run is given up because our clock says that its token is over",
    file: "core/run/run.ts",
    from: "Math.max(messageTimeoutMs, expiry - turn.wall)",
    to: "Math.max(0, expiry - turn.wall)",
  },
  {
    name: "a wake-up is forgotten where a slot gets free while a claim is open",
    file: lane,
    from: "woken: claim !== undefined && woken",
    to: "woken: false",
  },
  {
    name: "a drain that ran out in a sleep ends everything before what came is read",
    file: "core/drain.ts",
    from: "if (turn.state.catchingUpUntil !== undefined) return;",
    to: "",
  },
  {
    name: "a run whose input can be fetched once is executed by a later process without it",
    file: "core/run/load.ts",
    from: "if (run.plan?.keepsDataclips === false) {",
    to: "if (run.plan === undefined) {",
  },
  {
    name: "the driver does what an effect causes before the effects after it",
    file: "driver.ts",
    from: "if (loop.working) return;",
    to: "",
    equivalent: "no port of the world calls back before it returns, as ports.ts promises",
  },
  {
    name: "the driver sets no alarm after an event",
    file: "driver.ts",
    from: "  releaseEngines(loop);\n  setAlarm(loop);",
    to: "  releaseEngines(loop);",
  },
  {
    name: "the driver does not take its old alarm back",
    file: "driver.ts",
    from: "loop.alarm.cancel();",
    to: "",
  },
  {
    name: "the driver does not tell that a run has ended",
    file: "driver.ts",
    from: 'dispatch(loop, { type: "run-ended", run });',
    to: "",
  },
];
