import type { SocketEvent, TransportSocket } from "@workloops/worker/ports";
import type { Frame } from "@workloops/worker/protocol";
import type { Agenda } from "./agenda.ts";
import type { Chance } from "./chance.ts";
import type { Tell } from "./fact.ts";
import type { Faults } from "./faults.ts";
import type { Operations } from "./operations.ts";
import type { WorkerProcess } from "./process.ts";

/** A socket as the server holds it. */
export interface Connection {
  readonly socket: number;
  readonly workerId: string;
  isOpen(): boolean;
  send(frame: Frame): void;
  /** Ends it without a goodbye. What is under way to the worker may still arrive. */
  cut(reason: string): void;
  /** From now on nothing passes, and neither side is told. */
  freeze(): void;
  /** What goes to the worker takes so much longer, once. */
  stall(forMs: number): void;
  /** Sends something that is no frame. */
  garble(): void;
}

/** The server's side of the network. */
export interface Acceptor {
  opened(connection: Connection): void;
  take(connection: Connection, frame: Frame): void;
  closed(connection: Connection): void;
}

export interface Network {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly tell: Tell;
  readonly faults: Faults;
  readonly operations: Operations;
  readonly latencyMs: { readonly from: number; readonly to: number };
  readonly acceptor: Acceptor;
  /** Sockets are refused until then. */
  awayUntil: number;
  /** Sockets open slowly until then. */
  slowUntil: number;
  sockets: number;
}

/** How long a server that is slow to open one socket is slow, and for how long each then takes at most. */
const SLOW_MS = 20_000;

type Mode = "opening" | "open" | "frozen" | "closing" | "closed";

/**
 * Opens a socket of this worker. Frames of one direction keep their order, and arrive after the
 * latency of the world.
 */
export function openSocket(
  network: Network,
  worker: WorkerProcess,
  listener: (event: SocketEvent) => void,
): TransportSocket {
  const { agenda, chance, tell, latencyMs, acceptor } = network;
  network.sockets += 1;
  const socket = network.sockets;
  let mode: Mode = "opening";
  /** The worker has closed it: what still comes, it must not take up. */
  let isLeft = false;
  let toServerAt = 0;
  let toWorkerAt = 0;

  const latency = (): number => chance.between(latencyMs.from, latencyMs.to);
  const toServer = (act: () => void): void => {
    toServerAt = Math.max(toServerAt, agenda.now() + latency());
    agenda.at(toServerAt, act);
  };
  const toWorker = (act: () => void): void => {
    toWorkerAt = Math.max(toWorkerAt, agenda.now() + latency());
    agenda.at(toWorkerAt, () => worker.enter(act));
  };
  const tellClosed = (reason: string): void =>
    toWorker(() => {
      if (mode === "closed") return;
      mode = "closed";
      if (!isLeft) tell({ type: "closed", socket, reason });
      listener({ type: "closed", reason });
    });

  const deliver = (event: Extract<SocketEvent, { type: "frame" | "malformed" }>): void => {
    worker.enter(() => {
      const type = isLeft ? "vanished" : "read";
      if (event.type === "frame") tell({ type, socket, frame: event.frame });
      listener(event);
    });
  };
  const connection: Connection = {
    socket,
    workerId: worker.id,
    isOpen: () => mode === "open" && worker.isAlive(),
    send: (frame) => {
      if (mode !== "open" || !worker.isAlive()) {
        tell({ type: "vanished", socket, frame });
        return;
      }
      toWorkerAt = Math.max(toWorkerAt, agenda.now() + latency());
      agenda.at(toWorkerAt, () => {
        if (!worker.isAlive() || mode === "closed" || mode === "frozen") {
          tell({ type: "vanished", socket, frame });
          return;
        }
        deliver({ type: "frame", frame });
      });
    },
    stall: (forMs) => {
      toWorkerAt = Math.max(toWorkerAt, agenda.now() + forMs);
    },
    garble: () => {
      toWorker(() => {
        if (mode !== "open") return;
        tell({ type: "garbled", socket });
        deliver({ type: "malformed", problem: "no frame" });
      });
    },
    cut: (reason) => {
      if (mode !== "open") return;
      // A reset may overtake what is under way, or come behind it.
      mode = chance.happens(0.5) ? "frozen" : "closing";
      acceptor.closed(connection);
      tellClosed(reason);
    },
    freeze: () => {
      if (mode !== "open") return;
      mode = "frozen";
      acceptor.closed(connection);
    },
  };

  tell({ type: "opening", socket });
  begin();

  function begin(): void {
    const fails = network.operations.fails("transport");
    if (network.faults.strikes(8, `socket ${socket} is never answered`, 0.3)) return;
    if (
      fails ||
      agenda.now() < network.awayUntil ||
      network.faults.strikes(8, `socket ${socket} is refused`)
    ) {
      tellClosed("refused");
      return;
    }
    toServer(() => {
      if (mode !== "opening" || !worker.isAlive()) return;
      mode = "open";
      acceptor.opened(connection);
      if (network.faults.strikes(8, `socket ${socket} is slow to open`, 0.3)) {
        network.slowUntil = agenda.now() + SLOW_MS;
      }
      if (agenda.now() < network.slowUntil) connection.stall(chance.between(100, SLOW_MS));
      toWorker(() => {
        // One that the worker has given up may still open: closing it takes a moment.
        if (mode !== "open" && mode !== "closing") return;
        if (!isLeft) tell({ type: "opened", socket });
        listener({ type: "open" });
      });
    });
  }

  return {
    send: (frame) => {
      worker.boundary();
      tell({ type: "sent", socket, frame, text: JSON.stringify(frame.payload) });
      if (network.operations.fails("transport")) connection.cut("the write failed");
      if (mode !== "open") return;
      toServer(() => {
        // What was sent before a close still arrives; what was sent into a dead socket does not.
        if (mode === "open" || mode === "closing") acceptor.take(connection, frame);
      });
    },
    close: () => {
      tell({ type: "closing", socket });
      isLeft = true;
      if (mode === "closed" || mode === "closing") return;
      if (mode === "open") {
        toServer(() => acceptor.closed(connection));
      }
      mode = mode === "frozen" ? "frozen" : "closing";
      tellClosed("closed by the worker");
    },
  };
}
