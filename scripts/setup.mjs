// Installs the dependencies when they are absent or older than the lock file, so that
// a fresh clone needs no step of its own before `npm test` and `npm run demo`.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** True where the module of this address is what `node` was started with. */
export const isMain = (url) => process.argv[1] === fileURLToPath(url);

/** Runs a command in the repository and ends this process with its exit code when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) {
    console.error(`${command} could not be started: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Prints a heading that is readable with and without a terminal. */
export function stage(name) {
  console.log(`\n== ${name}`);
}

function installed() {
  const marker = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(marker)) return false;
  return statSync(marker).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

export function install() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node ${process.versions.node} is too old: workloops needs 20.19 or newer.`);
    process.exit(1);
  }
  if (installed()) return;
  stage("install");
  run("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"]);
}

if (isMain(import.meta.url)) install();
