import { announceChange, type ControlPlane, later, moment } from "../control-plane.ts";
import { loseRun, queuedRun } from "../run-ledger.ts";
import { pushToAll } from "../wake-ups.ts";
import { countFired, type Fault } from "./faults.ts";

type Strike = (plane: ControlPlane, fault: Fault) => void;

const cut: Strike = (plane) => {
  for (const socket of plane.sockets) socket.ws.terminate();
};

/** The faults that happen at once, on what is there. */
const strikes: Readonly<Record<string, Strike>> = {
  "drop-sockets": cut,
  "close-sockets": (plane, fault) => {
    for (const socket of plane.sockets) socket.ws.close(fault.code ?? 1001);
  },
  "half-open": (plane) => {
    for (const socket of plane.sockets) {
      socket.isHalfOpen = true;
      socket.ws.pause();
    }
  },
  "server-away": (plane, fault) => {
    plane.awayUntil = Date.now() + (fault.ms ?? 5_000);
    cut(plane, fault);
  },
  "wake-up-storm": (plane, fault) => {
    const count = fault.count ?? 200;
    const ms = fault.ms ?? 100;
    for (let index = 0; index < count; index += 1)
      later(plane, (index * ms) / count, () => pushToAll(plane.wakeUps));
  },
  "wake-ups-off": (plane) => {
    plane.wakeUps.enabled = false;
  },
  "wake-ups-on": (plane) => {
    plane.wakeUps.enabled = true;
  },
  "lose-runs": (plane, fault) => {
    for (const { run } of [...plane.ledger.queue.entries.values()]) {
      const record = queuedRun(plane.ledger, run.id);
      if (record.state === "available") continue;
      if (fault.runId !== undefined && fault.runId !== run.id) continue;
      loseRun(plane.ledger, record, moment());
      announceChange(plane, record);
    }
  },
};

/** Lets a fault without a place happen now. */
export function strike(plane: ControlPlane, fault: Fault): void {
  const act = strikes[fault.row.kind];
  if (act === undefined) throw new Error(`the fault ${fault.row.kind} has no act`);
  act(plane, fault);
  countFired(plane.faults, fault);
}
