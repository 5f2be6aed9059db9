// A container of the image, and the process in it that is the worker.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { must, store } from "./buildah.mjs";

/** The ids of the processes that run a command; its arguments hold an address of this test alone. */
function running(command) {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid) || !existsSync(`/proc/${pid}/cmdline`)) return false;
    const [program = "", ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return (
      program.endsWith(`/${command[0]}`) &&
      args.slice(0, -1).join("\0") === command.slice(1).join("\0")
    );
  });
}

/** Starts a command in a new container; `args` are those of `buildah run`. */
export function startContainer(folder, image, args, command) {
  const name = must("buildah", [...store(folder), "from", "--pull-never", image]).trim();
  const run = ["run", "--isolation", "chroot", ...args, name, "--", ...command];
  const child = spawn("buildah", [...store(folder), ...run], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  const looks = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      printed += text;
      for (const look of [...looks]) look();
    });
  }
  const ended = new Promise((resolve) => child.on("close", resolve));
  const said = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => pattern.test(printed) && resolve(pattern.exec(printed));
      looks.add(look);
      look();
      ended.then((code) => reject(new Error(`ended with ${code} without ${pattern}:\n${printed}`)));
    });
  /** The process of the container's command, not one of those that started it. */
  const worker = () => {
    const pids = running(command);
    if (pids.length !== 1) throw new Error(`${pids.length} processes run ${command.join(" ")}`);
    return Number(pids[0]);
  };
  return {
    printed: () => printed,
    said,
    ended,
    worker,
    async remove() {
      // What started it ends when the process in the container does.
      for (const pid of running(command)) process.kill(Number(pid), "SIGKILL");
      await ended;
      must("buildah", [...store(folder), "rm", name], { quiet: true });
    },
  };
}

/** The user that a process runs as. */
export function userOf(pid) {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
