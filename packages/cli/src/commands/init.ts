import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../io.ts";
import { settingsFile } from "../settings/read-settings.ts";

const usage = `Usage: workloops init

Writes a ${settingsFile} with every setting at its usual value into this folder.
`;

const usual = {
  $schema: "./node_modules/workloops/schemas/workloops.config.schema.json",
  queues: [],
  severities: {},
  runMemoryMb: 500,
  overheadMb: 300,
  overcommit: 1,
  servedElsewhere: [],
};

export const init: Command = async (args, io) => {
  if (args.length > 0) {
    const asked = args.includes("--help") || args.includes("-h");
    (asked ? io.out : io.err)(usage);
    return asked ? 0 : 2;
  }
  const path = join(io.cwd, settingsFile);
  if (existsSync(path)) {
    io.err(`workloops init: ${settingsFile} is here already. Change it, or remove it first.\n`);
    return 2;
  }
  writeFileSync(path, `${JSON.stringify(usual, null, 2)}\n`);
  io.out(`Wrote ${settingsFile}.\n`);
  return 0;
};
