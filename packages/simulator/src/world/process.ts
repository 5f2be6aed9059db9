import type { Agenda } from "./agenda.ts";
import type { Tell } from "./fact.ts";
import type { Operations } from "./operations.ts";

/** Thrown out of a port to end a process in the middle of its effects, as SIGKILL does. */
class ProcessKilled extends Error {}

/** One life of a worker: everything that the world does to it goes through `enter`. */
export interface WorkerProcess {
  readonly number: number;
  /** What it calls itself to the server. */
  readonly id: string;
  isAlive(): boolean;
  /** Lets the process do something, now or as soon as it is not suspended. Timers are due first then. */
  enter(act: () => void, isTimer?: boolean): void;
  /** A place between two effects, where it can be killed. */
  boundary(): void;
  /** It dies at the boundary after `boundaries` more. */
  killAfter(boundaries: number): void;
  kill(): void;
  suspend(forMs: number): void;
  /** It takes up nothing more. */
  close(): void;
  /** It has ended by itself. */
  exit(): void;
}

export function createProcess(
  number: number,
  agenda: Agenda,
  tell: Tell,
  operations: Operations,
  onDead: () => void,
): WorkerProcess {
  let alive = true;
  let suspended = false;
  let closed = false;
  let boundariesLeft = Number.POSITIVE_INFINITY;
  const inbox: (() => void)[] = [];

  const die = (): void => {
    if (!alive) return;
    alive = false;
    tell({ type: "process-killed", process: number });
    onDead();
  };
  const enter = (act: () => void, isTimer = false): void => {
    if (!alive || closed) return;
    if (suspended) {
      if (isTimer) inbox.unshift(act);
      else inbox.push(act);
      return;
    }
    try {
      act();
    } catch (error) {
      if (!(error instanceof ProcessKilled)) throw error;
      die();
    }
  };
  return {
    number,
    id: `worker-${number}`,
    isAlive: () => alive,
    enter,
    boundary: () => {
      boundariesLeft -= 1;
      if (operations.fails("process") || boundariesLeft <= 0) throw new ProcessKilled();
    },
    killAfter: (boundaries) => {
      boundariesLeft = boundaries;
    },
    kill: die,
    suspend: (forMs) => {
      if (suspended || !alive) return;
      suspended = true;
      tell({ type: "suspended", forMs });
      agenda.after(forMs, () => {
        // Killed meanwhile, it never wakes up, and the process of its place must not be taken for it.
        if (!alive) return;
        suspended = false;
        tell({ type: "resumed" });
        const came = inbox.splice(0);
        for (const [place, act] of came.entries()) {
          if (closed) {
            tell({ type: "unread", things: came.length - place });
            return;
          }
          enter(act);
        }
      });
    },
    close: () => {
      closed = true;
    },
    exit: () => {
      alive = false;
    },
  };
}
