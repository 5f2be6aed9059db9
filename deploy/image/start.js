// What `node ./dist/start.js [OPTIONS]` starts in the image: the worker, as the user 1000, with a
// folder for adaptors that this user can write. A volume that a worker of root has filled belongs
// to root. Started as root (`user: root`), this hands the volume over and steps down; started as
// anybody else, it leaves the volume alone and says what to do.
import {
  accessSync,
  constants,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const user = 1000;

/** The folder that an option names, as the worker reads it: the last flag, else the variable. */
function folderOf(flags, variable) {
  let folder = process.env[variable];
  for (const [index, argument] of process.argv.entries()) {
    const [name, attached] = argument.split(/=(.*)/s);
    if (flags.includes(name)) folder = attached ?? process.argv[index + 1];
  }
  return folder || undefined;
}

/** Gives a folder and all below it to the user; links are given away, not followed. */
function handOver(path) {
  if (lstatSync(path).uid !== user) lchownSync(path, user, user);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) handOver(join(path, name));
}

function stepDown(folders) {
  try {
    for (const folder of folders) {
      mkdirSync(folder, { recursive: true });
      handOver(folder);
    }
    process.setgroups([]);
    process.setgid(user);
    process.setuid(user);
  } catch (error) {
    console.error(
      `Started as root, and cannot become user ${user}: ${error.message}. Start it as user ${user}, or with the capabilities CHOWN, SETGID and SETUID.`,
    );
    process.exit(2);
  }
}

function canWrite(folder) {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const adaptors = folderOf(["--repo-dir", "--repoDir", "-d"], "WORKER_REPO_DIR");
const state = folderOf(["--state-dir", "--stateDir"], "WORKER_STATE_DIR");

if (process.getuid() === 0) stepDown([adaptors, state].filter((folder) => folder !== undefined));
if (adaptors !== undefined && !canWrite(adaptors)) {
  const instead = join(tmpdir(), "adaptors");
  console.error(
    `${adaptors} cannot be written by user ${process.getuid()}: adaptors go to ${instead} and are lost with this container. Start it once as root (--user root): it then gives the folder to user ${user} and steps down.`,
  );
  process.argv.push("--repo-dir", instead);
}
process.argv.splice(2, 0, "worker");
await import("../bin/workloops.cjs");
