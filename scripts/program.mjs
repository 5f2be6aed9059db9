// Programs that the demo and the tests start: what they print, how they end, and that none of
// them outlives who started it. Each is ended by its id, whatever happens.
import { spawn } from "node:child_process";

const running = new Set();
process.on("exit", endAll);

export function endAll() {
  for (const child of running) child.kill("SIGKILL");
}

export function start(command, args, { cwd, env = {}, uid } = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(command, args, {
    cwd,
    ...(uid !== undefined && { uid, gid: uid }),
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let text = "";
  const looks = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      for (const look of [...looks]) look();
    });
  }
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return {
    pid: child.pid ?? -1,
    printed: () => text,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(text);
          if (match === null) return;
          looks.delete(look);
          resolve(match);
        };
        looks.add(look);
        look();
        ended.then((code) => {
          looks.delete(look);
          reject(new Error(`${command} ended with ${code} before it said ${pattern}:\n${text}`));
        }, reject);
      }),
    signal: (name) => void child.kill(name),
    ended,
  };
}

export async function run(command, args, options = {}) {
  const program = start(command, args, options);
  const code = await program.ended;
  return { code, printed: program.printed() };
}
