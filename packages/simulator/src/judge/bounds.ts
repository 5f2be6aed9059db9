import type { WorkerState } from "@workloops/worker/core";
import { WORLD_LIMITS } from "../world/world.ts";
import type { Bench, Judge } from "./judge.ts";

/** What is held in memory and in the process, to be kept small. */
export interface Load {
  readonly state: WorkerState | undefined;
  /** Alarms that are set. */
  readonly alarms: number;
  /** Runs whose channel the server has open for this process. */
  readonly joined: readonly string[];
}

/** How often a worker asks for what does not come. */
const MAX_ASKED = 3;
const MAX_SURPLUS_CAPACITIES = 2;
const MAX_LATE_REQUESTS = 64;
const MAX_ENDED_RUNS = 1_000;
/** Events that wait for the server, for each run: above it lines are left out, and what ends a run is not. */
const MAX_WAITING = WORLD_LIMITS.busyEvents * WORLD_LIMITS.floodFactor + 20;

/** A channel of a run that has ended is left at once; the message is under way for a while. */
const LEFT_WITHIN_MS = 2_000;

/** Looking at everything after each step would cost more than the step. */
const EVERY_STEPS = 32;

/** Invariant 7: everything held has an end, whatever the server and the jobs do. */
export function judgeBounds({ accuse, now, ledger }: Bench, measure: () => Load): Judge {
  let steps = 0;
  /** What the journal brought back may wait on top of the surplus. */
  let recovered = 0;
  let isNew = false;
  const sockets = new Set<number>();
  const endedAt = new Map<string, number>();
  const asked = new Map<string, number>();
  const look = ({ state, alarms, joined }: Load): void => {
    if (alarms > 1) accuse(7, `${alarms} alarms are set`);
    const left = joined.find((id) => now() > (endedAt.get(id) ?? now()) + LEFT_WITHIN_MS);
    if (left !== undefined) accuse(7, `the channel of ${left} was never left`);
    if (state === undefined) return;
    const { connection, runs, endedRuns, lanes } = state;
    const late = [...connection.requests.values()].filter((request) => request.late).length;
    if (late > MAX_LATE_REQUESTS) accuse(7, `${late} late claims are remembered`);
    if (connection.channels.size > runs.size + 1) {
      accuse(7, `${connection.channels.size} channels for ${runs.size} runs`);
    }
    if (endedRuns.length > MAX_ENDED_RUNS) accuse(7, `${endedRuns.length} ended runs are known`);
    if (isNew) recovered = lanes.reduce((sum, lane) => sum + lane.surplus.length, 0);
    isNew = false;
    for (const { chain, capacity, surplus } of lanes) {
      if (surplus.length > capacity * MAX_SURPLUS_CAPACITIES + recovered) {
        accuse(7, `${chain} keeps ${surplus.length} runs over its ${capacity} slots`);
      }
    }
    for (const run of runs.values()) {
      const { waiting } = run.outbox;
      if (waiting.length > MAX_WAITING) accuse(7, `${run.id} has ${waiting.length} events waiting`);
    }
    const deadline = [...connection.requests.values()].some(
      (request) => !request.late && request.deadline + 60_500 < now(),
    );
    if (deadline) accuse(7, "a request is waited for long after its time");
  };
  const onEnded = (run: string): void => {
    endedAt.set(run, now());
    const message = ledger.runs.get(run)?.errorMessage ?? "";
    for (const [, id] of message.matchAll(/credential (\S+): Lightning did not answer/g)) {
      if ((asked.get(`run:${run} fetch:credential ${id}`) ?? MAX_ASKED) < MAX_ASKED) {
        accuse(2, `${run} gives its credential ${id} up too soon`);
      }
    }
  };
  return {
    see: {
      "process-started": () => {
        isNew = true;
        sockets.clear();
        endedAt.clear();
        asked.clear();
      },
      sent: ({ frame: { topic, event, payload } }) => {
        if (!event.startsWith("fetch:")) return;
        const key = `${topic} ${event} ${(payload as { id?: string }).id ?? ""}`;
        asked.set(key, (asked.get(key) ?? 0) + 1);
        if ((asked.get(key) ?? 0) > MAX_ASKED) accuse(7, `asks for ${key} once more`);
      },
      opening: ({ socket }) => {
        sockets.add(socket);
        if (sockets.size > 1) accuse(7, `socket ${socket} is opened beside another`);
      },
      closing: ({ socket }) => {
        sockets.delete(socket);
      },
      closed: ({ socket }) => {
        sockets.delete(socket);
      },
      "process-stopped": () => {
        if (sockets.size > 0) accuse(7, "the worker stops and leaves its socket open");
      },
      journal: ({ entry }) => {
        if (entry.type === "ended") onEnded(entry.run);
      },
    },
    afterStep: () => {
      steps += 1;
      if (isNew || steps % EVERY_STEPS === 0) look(measure());
    },
  };
}
