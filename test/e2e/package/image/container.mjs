// A container of the image, and the process in it that is the worker.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { must, store } from "./buildah.mjs";

/** Ids of all processes below one. */
function below(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
  );
  return children.flatMap((child) => [child, ...below(child)]);
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
  /** The process of the container's command, not of those that started it. */
  const worker = () => {
    const pids = below(child.pid).filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith(command.join("\0")),
    );
    if (pids.length !== 1) throw new Error(`${pids.length} processes run ${command.join(" ")}`);
    return Number(pids[0]);
  };
  return {
    printed: () => printed,
    said,
    ended,
    worker,
    remove() {
      child.kill("SIGKILL");
      must("buildah", [...store(folder), "rm", name], { quiet: true });
    },
  };
}

/** The user that a process runs as. */
export function userOf(pid) {
  return Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
