import { writeSync } from "node:fs";
import type { Io } from "./io.ts";

/** Writes all of a text. A pipe that is full says EAGAIN, which is no reason to lose a report. */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // Nobody reads any more: `workloops lint | head`.
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
    }
  }
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** The streams, folder and environment of this process. */
export function nodeIo(): Io {
  const { env } = process;
  const terminal = process.stdout.isTTY === true;
  return {
    out: (text) => write(1, text),
    err: (text) => write(2, text),
    readStdin,
    cwd: process.cwd(),
    env,
    columns: terminal ? process.stdout.columns : undefined,
    color: terminal && env["NO_COLOR"] === undefined && env["TERM"] !== "dumb",
  };
}
