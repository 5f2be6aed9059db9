import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { createFrameReader, encodeFrame, type Frame, type FrameLimits } from "../frame.ts";
import type { EngineMessage, RunUser } from "../messages.ts";
import type { Exit } from "./death.ts";
import type { CreateGroup } from "./memory-groups.ts";
import { overheadMb } from "./memory-watch.ts";
import { lowerPriority } from "./priority.ts";

const bytesPerMb = 1024 * 1024;
/** Ids, errors and the ends of steps; what can be long is in the body. */
const maxHeadBytes = 4 * bytesPerMb;
const maxStderrCharacters = 16_384;

/** A child process: what it says in order, and how it ended. */
export interface Child {
  readonly pid: number;
  /** Who it becomes before it runs anything of others. */
  readonly user: RunUser;
  readonly memoryLimitMb: number;
  /** The adaptors that it was told to import so far. */
  imported(): readonly string[];
  send(message: EngineMessage, body?: string): void;
  /** The next thing it says; `undefined` when it says no more. Rejects never. */
  next(): Promise<Frame | undefined>;
  readonly exited: Promise<Exit>;
  /** Lets other runs have the processor first, for good. False where it is to be tried again. */
  yieldProcessor(): boolean;
  kill(): void;
}

export interface SpawnOptions {
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly user: RunUser;
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
  // A state takes at most a quarter of the run's memory, a final state holds several.
  const limits = { maxHeadBytes, maxBodyBytes: options.memoryLimitMb * bytesPerMb };
  const output = process_.stdio[3] as Readable;
  const frames = readFrames(output, limits, () => process_.kill("SIGKILL"));
  const input = process_.stdin as Writable;
  // A child that is gone breaks the pipe; how it ended is told by `exited`.
  input.on("error", () => undefined);
  let imported: readonly string[] = [];
  return {
    pid: process_.pid ?? 0,
    user: options.user,
    memoryLimitMb: options.memoryLimitMb,
    imported: () => imported,
    send(message, body) {
      if (message.type === "warm") imported = [...imported, ...message.adaptors];
      input.write(encodeFrame(message, body));
    },
    next: async () => (await frames.next()).value ?? undefined,
    exited: exitOf(process_, group),
    yieldProcessor: () => lowerPriority(process_.pid ?? 0),
    kill: () => void process_.kill("SIGKILL"),
  };
}

/** Reads only when asked: a listener that is slow holds the child back, not memory. */
async function* readFrames(
  stream: Readable,
  limits: FrameLimits,
  abort: () => void,
): AsyncGenerator<Frame, undefined> {
  const reader = createFrameReader(limits);
  try {
    for await (const chunk of stream) {
      yield* reader.push(chunk as Buffer);
      if (reader.isBroken()) break;
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
      resolve({ code: null, signal: null, stderr: problem, killedAt: undefined });
    });
    process_.once("close", async (code, signal) => {
      const group = await grouping;
      const killedAt = signal === "SIGKILL" ? group?.killedAt() : undefined;
      await group?.remove();
      resolve({ code, signal, stderr, killedAt });
    });
  });
}
