import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { applyAll, format as formatDocument, openDocument } from "@workloops/language-service";
import { overlay } from "../files/overlay.ts";
import { readableFiles } from "../files/readable-files.ts";
import type { Command, Io } from "../io.ts";
import { unifiedDiff } from "../unified-diff.ts";

const usage = `Usage: workloops format PATH… [--check] [--diff]
       workloops format - [--stdin-filename NAME] [--check] [--diff]

Writes the values in files in canonical text: one space between groups, comments and all
other text as they are. What a value means never changes, and a broken group is left alone.
With - it reads standard input (a .workloops file, or what NAME says) and prints the result.

  --check   write nothing; exit code 1 where something would change
  --diff    write nothing; show what would change

Exit code: 0 done, 1 with --check where something would change, 2 wrong use, 3 no path matched.
`;

interface Options {
  readonly paths: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  readonly stdinName: string;
}

interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export const format: Command = async (args, io) => {
  const options = readOptions(args, io);
  if (typeof options === "number") return options;
  if (options.paths[0] === "-") return formatStdin(options, io);
  const changes = changesIn(options, io);
  if (changes === undefined) {
    io.err(`workloops format: there is no file at ${options.paths.join(", ")}.\n`);
    return 3;
  }
  for (const { path, before, after } of changes) {
    if (options.diff) io.out(unifiedDiff(path, before, after));
    else io.out(`${path}\n`);
    if (!options.diff && !options.check) writeFileSync(resolve(io.cwd, path), after);
  }
  return options.check && changes.length > 0 ? 1 : 0;
};

async function formatStdin({ stdinName, check, diff }: Options, io: Io): Promise<number> {
  const before = await io.readStdin();
  const after = formatted(stdinName, before);
  if (diff) io.out(unifiedDiff(stdinName, before, after));
  else if (!check) io.out(after);
  return check && before !== after ? 1 : 0;
}

/** What would change in the files of the paths; undefined where there is none. */
function changesIn({ paths }: Options, io: Io): readonly Change[] | undefined {
  const files = overlay(io.cwd);
  let matched = false;
  for (const { path, text } of readableFiles(paths, files, io)) {
    matched = true;
    if (text === undefined) continue;
    files.put(path, formatted(path, text));
  }
  return matched ? files.changed() : undefined;
}

function formatted(path: string, text: string): string {
  return applyAll(text, formatDocument(openDocument(path, text)));
}

function readOptions(args: readonly string[], io: Io): Options | number {
  try {
    const { values, positionals: paths } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        check: { type: "boolean", default: false },
        diff: { type: "boolean", default: false },
        "stdin-filename": { type: "string", default: "stdin.workloops" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      io.out(usage);
      return 0;
    }
    const { check, diff, "stdin-filename": stdinName } = values;
    const usable = paths.length === 1 || (paths.length > 1 && !paths.includes("-"));
    if (usable) return { paths, check, diff, stdinName };
    io.err(usage);
  } catch (error) {
    io.err(`workloops format: ${(error as Error).message}\n\n${usage}`);
  }
  return 2;
}
