// Starts and ends the demo's programs. Each is ended by its id, whatever happens.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../setup.mjs";

const command = join(root, "packages/cli/bin/workloops.cjs");
const running = new Set();

/** Runs `workloops ARGS…` to its end; resolves with what it printed. */
export function workloops(args, options = {}) {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    ...options,
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      printed += text;
    });
  }
  return new Promise((done) => child.on("close", (code) => done({ code, printed })));
}

/** Starts `workloops worker`; `ready` resolves when a line matches, and rejects when it ends first. */
export function startWorker(args, env, ready) {
  const child = spawn(
    process.execPath,
    [join(root, "packages/worker/bin/workloops-worker.mjs"), ...args],
    {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  running.add(child);
  let printed = "";
  const isReady = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        printed += text;
        if (ready.test(printed)) resolve();
      });
    }
    child.on("close", (code) => {
      running.delete(child);
      reject(new Error(`the worker ended with ${code} before it was ready:\n${printed}`));
    });
  });
  const ended = new Promise((resolve) => child.on("close", resolve));
  return { isReady, stop: () => stop(child, ended) };
}

async function stop(child, ended) {
  child.kill("SIGTERM");
  // A worker that drains longer than this is stuck; a second signal ends it at once.
  const late = setTimeout(() => child.kill("SIGKILL"), 8_000);
  const code = await ended;
  clearTimeout(late);
  return code;
}

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
