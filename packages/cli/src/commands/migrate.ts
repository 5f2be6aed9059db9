import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { applyAll, diagnose, migrate, openDocument } from "@workloops/language-service";
import { fileWorkspace } from "../files/file-workspace.ts";
import { overlay } from "../files/overlay.ts";
import { readableFiles } from "../files/readable-files.ts";
import type { Command, Io } from "../io.ts";
import { unifiedDiff } from "../unified-diff.ts";

const usage = `Usage: workloops migrate PATH… [--diff]

Writes the draft syntax (--queues, WORKER_QUEUES, commas) and a worker's plain capacity as
workloops, in place: a capacity of N becomes \`manual>*:N\`, which such a worker serves.

  --diff   show what would be written, and write nothing

Exit code: 0 done, 2 wrong use, 3 no path matched.
`;

export const migrateCommand: Command = async (args, io) => {
  const options = read(args, io);
  if (typeof options === "number") return options;
  const files = overlay(io.cwd);
  const workspace = fileWorkspace(io.cwd, files);
  let matched = false;
  for (const { path, text } of readableFiles(options.paths, files, io)) {
    matched = true;
    if (text === undefined) continue;
    const document = openDocument(path, text);
    const edits = migrate(document, await diagnose(document, { workspace }));
    for (const [edited, list] of edits) {
      const now = files.read(edited);
      if ("text" in now) files.put(edited, applyAll(now.text, list));
    }
  }
  if (!matched) return 3;
  for (const { path, before, after } of files.changed()) {
    if (options.diff) io.out(unifiedDiff(path, before, after));
    else {
      writeFileSync(resolve(io.cwd, path), after);
      io.out(`${path}\n`);
    }
  }
  return 0;
};

function read(args: readonly string[], io: Io) {
  try {
    const { values, positionals: paths } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { diff: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help) {
      io.out(usage);
      return 0;
    }
    if (paths.length > 0) return { paths, diff: values.diff === true };
    io.err(usage);
  } catch (error) {
    io.err(`workloops migrate: ${(error as Error).message}\n\n${usage}`);
  }
  return 2;
}
