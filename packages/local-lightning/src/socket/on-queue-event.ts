import { randomUUID } from "node:crypto";
import { type Frame, queueEvent, readClaim } from "@workloops/worker/protocol";
import { announceChange, type ControlPlane, moment } from "../control-plane.ts";
import { type Fault, takeFault } from "../faults/faults.ts";
import { claimRuns, type RunRecord, releaseRuns, runTokenClaims } from "../run-ledger.ts";
import { exchange } from "./exchange.ts";
import { send, sendReply, type WorkerSocket } from "./worker-socket.ts";

/** Answers an event on `worker:queue`; the only one is `claim`. */
export function onQueueEvent(plane: ControlPlane, socket: WorkerSocket, frame: Frame): void {
  if (frame.event !== queueEvent.claim) {
    sendReply(socket, frame, { kind: "crash", why: "worker:queue knows only claim" });
    return;
  }
  const fault = takeFault(plane.faults, "claim", faultMoment(frame.payload));
  let granted: readonly RunRecord[] = [];
  // The answer and the wake-up leave in one packet where both are written before the cork is off.
  if (fault?.row.effect === "wake-up") socket.stream.cork();
  exchange({
    ...{ plane, socket, request: frame, fault },
    perform: () => {
      const answer = claimRuns(plane.ledger, socket.workerId, frame.payload, moment(), {
        mint: (run) => mint(plane, run, fault),
        surplus: fault?.row.effect === "surplus" ? (fault.count ?? 1) : 0,
      });
      granted = answer.granted;
      for (const run of granted) announceChange(plane, run);
      return answer.reply;
    },
    refusal: { queue: ["the claim could not be made"] },
    unsent: (why) => {
      if (why === "dead" && plane.rollback) releaseRuns(plane.ledger, granted);
      else plane.ledger.counts.grantsLost += granted.length;
    },
  });
  if (fault?.row.effect === "wake-up") {
    const { joinRef, topic } = frame;
    send(socket, { joinRef, ref: null, topic, event: queueEvent.workAvailable, payload: {} });
    socket.stream.uncork();
  }
}

function faultMoment(payload: unknown) {
  const read = readClaim(payload);
  if (!read.ok) return {};
  const { queues, worker_name } = read.value;
  return {
    chain: queues.join(">"),
    ...(worker_name !== null && { workerName: worker_name }),
  };
}

function mint(plane: ControlPlane, run: RunRecord, fault: Fault | undefined): string {
  const claims = runTokenClaims(plane.ledger, run, moment());
  if (fault?.row.effect !== "bad-tokens") return plane.keys.mint(claims);
  switch (fault.token) {
    case "foreign": {
      const id = randomUUID();
      return plane.keys.mint({ ...claims, id, sub: `run:${id}` });
    }
    case "expired":
      return plane.keys.mint({ ...claims, nbf: claims.nbf - 7_200, exp: claims.nbf - 3_600 });
    case "forged": {
      const token = plane.keys.mint(claims);
      const [header, body] = token.split(".");
      return `${header}.${body}.${Buffer.alloc(256, 7).toString("base64url")}`;
    }
    default:
      return "no.token";
  }
}
