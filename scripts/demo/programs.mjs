// Starts and ends the demo's programs: the command as it is packed for npm, unpacked into an
// empty folder. Each is ended by its id, whatever happens.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pack } from "../pack.mjs";
import { root, run } from "../setup.mjs";

const running = new Set();

/** Packs the command and unpacks it below a folder; says where its program lies. */
export function unpackCommand(folder) {
  pack(folder, ["packages/cli"]);
  const [tarball] = readdirSync(folder).filter((file) => file.endsWith(".tgz"));
  const unpacked = join(folder, "unpacked");
  mkdirSync(unpacked);
  run("tar", ["-xzf", join(folder, tarball), "-C", unpacked]);
  return join(unpacked, "package/bin/workloops.cjs");
}

/** Runs a program of Node to its end; resolves with what it printed. */
export async function finish(command, args) {
  const program = start(command, args, {}, root);
  const code = await program.ended;
  return { code, printed: program.printed() };
}

/**
 * Starts a program. `said` resolves with the match as soon as what it has printed matches, and
 * rejects when it ends before.
 */
export function start(command, args, env, cwd) {
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let text = "";
  const looks = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      for (const look of looks) look();
    });
  }
  const ended = new Promise((done) =>
    child.on("close", (code) => {
      running.delete(child);
      done(code);
    }),
  );
  const said = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(text);
        if (match === null) return;
        looks.delete(look);
        resolve(match);
      };
      looks.add(look);
      look();
      void ended.then((code) =>
        reject(new Error(`${args[0]} ended with ${code} before it said ${pattern}:\n${text}`)),
      );
    });
  return { printed: () => text, said, ended, stop: () => stop(child, ended) };
}

async function stop(child, ended) {
  child.kill("SIGTERM");
  // A worker that drains longer than this is stuck.
  const late = setTimeout(() => child.kill("SIGKILL"), 8_000);
  const code = await ended;
  clearTimeout(late);
  return code;
}

process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
