// Real faults over real sockets and real processes (test/faults/**/*.test.ts).
// They run the command as it is packed for npm. Names of tests or files may follow.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "./build.mjs";
import { unpackCommand } from "./pack.mjs";
import { install, run, stage } from "./setup.mjs";

install();
const folder = mkdtempSync(join(tmpdir(), "workloops-faults-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
// Set where the command is packed already.
if (process.env.WORKLOOPS_COMMAND === undefined) {
  await build();
  process.env.WORKLOOPS_COMMAND = unpackCommand(join(folder, "command"));
}
stage("faults");
run("node_modules/.bin/vitest", [
  ...["run", "--config", "vitest.faults.config.ts"],
  ...process.argv.slice(2),
]);
