import type { Frame } from "@workloops/worker/protocol";
import { announceChange, type ControlPlane, moment } from "../control-plane.ts";
import { takeFault } from "../faults/faults.ts";
import { handleRunEvent, type RunChannel } from "../run-ledger.ts";
import { exchange } from "./exchange.ts";
import type { WorkerSocket } from "./worker-socket.ts";

/** Answers an event on `run:<id>`. */
export function onRunEvent(
  plane: ControlPlane,
  socket: WorkerSocket,
  channel: RunChannel,
  frame: Frame,
): void {
  const { event, payload } = frame;
  const { run } = channel;
  const workerName = run.workerName ?? "";
  const fault = takeFault(plane.faults, "event", { event, runId: run.id, workerName });
  exchange({
    ...{ plane, socket, request: frame, fault },
    perform: () => {
      const before = run.state;
      const reply = handleRunEvent(plane.ledger, channel, event, payload, moment());
      announceChange(plane, run, before);
      return reply;
    },
    refusal: event.startsWith("fetch:")
      ? { errors: { id: ["could not be fetched"] } }
      : { timestamp: ["is invalid"] },
  });
}
