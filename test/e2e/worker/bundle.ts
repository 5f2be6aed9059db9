import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalLightning, startLocalLightning } from "@workloops/local-lightning";
import { afterEach, inject } from "vitest";

/** What starts a worker: `workloops worker`, as it is packed. */
const packed = [inject("command"), "worker"];
const secret = "a secret that is not base64 ✓";

const open: (() => unknown)[] = [];

afterEach(async () => {
  while (open.length > 0) await open.pop()?.();
});

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "workloops-worker-"));
  open.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Program {
  readonly process: ChildProcess;
  /** Everything that it has printed. */
  readonly printed: () => string;
  /** Resolves when a line of its output matches; rejects when it ends before that. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly exited: Promise<number | null>;
}

/** Starts the bundle as a user would: nothing of this process's environment but PATH and HOME. */
export function startWorker(
  args: readonly string[],
  env: Record<string, string> = {},
  program: readonly string[] = packed,
): Program {
  const child = spawn(process.execPath, [...program, ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: temporaryFolder(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      for (const look of waiting) look();
    });
  }
  const exited = new Promise<number | null>((done) => {
    child.on("close", (code) => {
      done(code);
      for (const look of waiting) look();
    });
  });
  open.push(async () => {
    child.kill("SIGKILL");
    await exited;
  });
  return {
    process: child,
    printed: () => printed,
    exited,
    says: (pattern) =>
      new Promise((found, failed) => {
        const look = () => {
          const match = pattern.exec(printed);
          const isOver = child.exitCode !== null || child.signalCode !== null;
          if (match === null && !isOver) return;
          waiting.delete(look);
          if (match !== null) found(match);
          else failed(new Error(`the worker ended and never said ${pattern}:\n${printed}`));
        };
        waiting.add(look);
        look();
      }),
  };
}

export interface Lightning extends LocalLightning {
  readonly runs: (count: number, body?: object) => Promise<readonly string[]>;
  readonly ended: (id: string) => Promise<Run>;
}

interface Run {
  readonly state: string;
  readonly reason: string | null;
  readonly error_type: string | null;
  readonly final_state: unknown;
  readonly started_at: number;
  readonly logs: readonly { readonly source: string; readonly message: string }[];
}

export async function lightning(
  options: Partial<Parameters<typeof startLocalLightning>[0]> = {},
): Promise<Lightning> {
  const server = await startLocalLightning({ secret, wakeUpWindowMs: 0, ...options });
  open.push(() => server.close());
  return {
    ...server,
    runs: async (count, body = {}) => {
      const items = Array.from({ length: count }, () => ({ body: "", ...body }));
      const response = await fetch(`${server.httpUrl}/runs`, {
        method: "POST",
        body: JSON.stringify(items),
      });
      if (!response.ok) throw new Error(await response.text());
      return ((await response.json()) as { id: string }[]).map(({ id }) => id);
    },
    ended: async (id) => {
      for (;;) {
        const query = `since=${Number.MAX_SAFE_INTEGER}&wait=10000`;
        const response = await fetch(`${server.httpUrl}/runs/${id}?${query}`);
        const run = (await response.json()) as Run;
        if (!["available", "claimed", "started"].includes(run.state)) return run;
      }
    },
  };
}

export function workerFor(
  server: LocalLightning,
  args: readonly string[],
  env: Record<string, string> = {},
  program: readonly string[] = packed,
): Program {
  const repo = temporaryFolder();
  return startWorker(
    ["--lightning", server.url, "--port", "0", "--repo-dir", repo, "--no-journal", ...args],
    { WORKER_SECRET: secret, ...env },
    program,
  );
}
