import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { createFrameReader, encodeFrame, type Frame } from "../frame.ts";
import type { EngineMessage } from "../messages.ts";
import type { Exit } from "./death.ts";
import type { CreateGroup } from "./memory-groups.ts";
import { overheadMb } from "./memory-watch.ts";

const maxHeadBytes = 4 * 1024 * 1024;
const maxBodyBytes = 512 * 1024 * 1024;
const maxStderrCharacters = 16_384;

/** A child process: what it says in order, and how it ended. */
export interface Child {
  readonly pid: number;
  readonly uid: number | undefined;
  readonly memoryLimitMb: number;
  /** The adaptors that it was told to import so far. */
  imported(): readonly string[];
  send(message: EngineMessage, body?: string): void;
  /** The next thing it says; `undefined` when it says no more. Rejects never. */
  next(): Promise<Frame | undefined>;
  readonly exited: Promise<Exit>;
  kill(): void;
}

export interface SpawnOptions {
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly uid: number | undefined;
  readonly memoryLimitMb: number;
  /** Puts the process under a limit of the kernel's. */
  readonly createGroup: CreateGroup | undefined;
}

export function spawnChild(options: SpawnOptions): Child {
  const process_ = spawn(process.execPath, options.flags, {
    cwd: options.folder,
    env: options.environment,
    // Out of the terminal's process group: Ctrl-C drains the worker, not its runs.
    detached: true,
    stdio: ["pipe", "ignore", "pipe", "pipe"],
  });
  const group =
    process_.pid === undefined
      ? undefined
      : options.createGroup?.(process_.pid, options.memoryLimitMb + 3 * overheadMb);
  const frames = readFrames(process_.stdio[3] as Readable, () => process_.kill("SIGKILL"));
  const input = process_.stdin as Writable;
  // A child that is gone breaks the pipe; how it ended is told by `exited`.
  input.on("error", () => undefined);
  let imported: readonly string[] = [];
  return {
    pid: process_.pid ?? 0,
    uid: options.uid,
    memoryLimitMb: options.memoryLimitMb,
    imported: () => imported,
    send(message, body) {
      if (message.type === "warm") imported = [...imported, ...message.adaptors];
      input.write(encodeFrame(message, body));
    },
    next: async () => (await frames.next()).value ?? undefined,
    exited: exitOf(process_, group),
    kill: () => void process_.kill("SIGKILL"),
  };
}

/** Reads only when asked: a listener that is slow holds the child back, not memory. */
async function* readFrames(stream: Readable, abort: () => void): AsyncGenerator<Frame, undefined> {
  const reader = createFrameReader({ maxHeadBytes, maxBodyBytes });
  try {
    for await (const chunk of stream) {
      const frames = reader.push(chunk as Buffer);
      if (frames === "broken") break;
      yield* frames;
    }
  } catch {
    // A reset pipe is the end of what the child says.
  }
  abort();
  return undefined;
}

function exitOf(
  process_: ChildProcess,
  grouping: ReturnType<CreateGroup> | undefined,
): Promise<Exit> {
  let stderr = "";
  process_.stderr?.setEncoding("utf8");
  process_.stderr?.on("data", (text: string) => {
    stderr = (stderr + text).slice(-maxStderrCharacters);
  });
  return new Promise((resolve) => {
    process_.once("error", (error) => {
      const problem = `could not be started: ${error.message}`;
      resolve({ code: null, signal: null, stderr: problem, overGroupLimit: false });
    });
    process_.once("close", async (code, signal) => {
      const group = await grouping;
      const overGroupLimit = signal === "SIGKILL" && (group?.killed() ?? false);
      await group?.remove();
      resolve({ code, signal, stderr, overGroupLimit });
    });
  });
}
