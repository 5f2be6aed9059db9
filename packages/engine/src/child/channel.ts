import { writeSync } from "node:fs";
import { Socket } from "node:net";
import { createFrameReader, encodeFrame, type Frame } from "../frame.ts";
import type { ChildMessage } from "../messages.ts";

const inputDescriptor = 0;
const outputDescriptor = 3;
const retryMs = 1;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Says something to the engine, and returns when it is in the pipe: what was said is out before
 * the next statement runs, also when that statement ends the process, and a run that logs faster
 * than the engine takes it waits here instead of filling memory.
 */
export function sendFrame(head: ChildMessage, body = ""): void {
  const bytes = encodeFrame(head, body);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(outputDescriptor, bytes, done, bytes.length - done);
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, retryMs);
    }
  }
}

/**
 * What the engine orders, one after another. When the engine is gone this process ends, also in
 * the middle of a run: nobody would hear of it.
 */
export async function* receiveFrames(): AsyncGenerator<Frame> {
  const reader = createFrameReader({ maxHeadBytes: 2 ** 32, maxBodyBytes: 2 ** 32 });
  const input = new Socket({ fd: inputDescriptor, readable: true, writable: false });
  const waiting: Frame[] = [];
  let wake = (): void => undefined;
  input.on("end", () => process.exit(1));
  input.on("error", () => process.exit(1));
  input.on("data", (chunk) => {
    waiting.push(...reader.push(chunk));
    if (reader.isBroken()) process.exit(1);
    wake();
  });
  for (;;) {
    const frame = waiting.shift();
    if (frame !== undefined) yield frame;
    else
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
}
