import { phoenix } from "@workloops/worker/protocol";
import type { ControlPlane } from "../control-plane.ts";
import { endChannel, type WorkerSocket } from "./worker-socket.ts";

/** The first failures say what is wrong; a client that causes one at each frame must not fill the memory. */
const failuresKept = 100;

/**
 * Does something for a channel. What throws there ends that channel, as an exception ends a
 * channel's process in Phoenix, and is shown by `GET /status`; the server and the other channels
 * go on. Known causes: JSON nested deeper than the stack.
 */
export function guard(
  plane: ControlPlane,
  socket: WorkerSocket,
  topic: string,
  act: () => void,
): void {
  try {
    act();
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : "not an error";
    if (plane.failures.length < failuresKept) plane.failures.push(why.slice(0, 500));
    endChannel(socket, topic, phoenix.error);
  }
}
