import { parseArgs } from "node:util";
import type { Severity } from "@workloops/parser";
import { reporters } from "./reports/reporters.ts";

/** One report to make, and where it goes; undefined is standard output. */
export interface ReportTarget {
  readonly format: string;
  readonly file: string | undefined;
}

export interface LintOptions {
  readonly paths: readonly string[];
  readonly reports: readonly ReportTarget[];
  readonly fix: "none" | "safe" | "unsafe";
  /** Shows the changes instead of writing them. */
  readonly diff: boolean;
  /** The name that standard input goes by; undefined where files are read. */
  readonly stdin: string | undefined;
  readonly maxWarnings: number | undefined;
  readonly failOn: Severity;
}

export const lintUsage = `Usage: workloops lint PATH… [OPTION…]
       workloops lint --stdin [--stdin-filename NAME] [OPTION…]

Checks the workloops values in files and folders, and what each worker is given beside them.

  --format NAME[=FILE]   pretty (default), json, sarif, github, gitlab or junit; may be repeated
  --fix                  write the fixes that keep the meaning
  --unsafe-fixes         write also those that change it
  --diff                 show what would be written, and write nothing
  --stdin                read one file from standard input; with --fix, print it mended
  --stdin-filename NAME  the name that decides its format (default: stdin.yaml)
  --fail-on SEVERITY     error, warning (default) or hint
  --max-warnings N       so many warnings do not fail

Exit code: 0 nothing found, 1 findings at or above --fail-on, 2 wrong use, 3 no path matched.
`;

/** Reads the arguments, or says what is wrong with them. */
export function lintOptions(
  args: readonly string[],
): LintOptions | { readonly wrong: string } | "help" {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return { wrong: (error as Error).message };
  }
  const { values, positionals: paths } = parsed;
  if (values.help) return "help";
  const reports = (values.format ?? ["pretty"]).map(target);
  const unknown = reports.find(({ format }) => !Object.hasOwn(reporters, format));
  if (unknown !== undefined) {
    return {
      wrong: `There is no format ${JSON.stringify(unknown.format)}: write one of ${Object.keys(reporters).join(", ")}.`,
    };
  }
  if (reports.filter(({ file }) => file === undefined).length > 1) {
    return {
      wrong:
        "Two reports would share standard output: give one of them a file, as in --format sarif=report.sarif.",
    };
  }
  const failOn = values["fail-on"] ?? "warning";
  if (failOn !== "error" && failOn !== "warning" && failOn !== "hint") {
    return { wrong: `--fail-on takes error, warning or hint, not ${JSON.stringify(failOn)}.` };
  }
  const most = values["max-warnings"];
  if (most !== undefined && !/^\d{1,9}$/.test(most)) {
    return { wrong: `--max-warnings takes a whole number, not ${JSON.stringify(most)}.` };
  }
  const reads = values.stdin === true || values["stdin-filename"] !== undefined;
  if (reads && paths.length > 0) return { wrong: "Give paths, or --stdin, not both." };
  if (!reads && paths.length === 0)
    return { wrong: "Name at least one file or folder, such as `workloops lint .`." };
  return {
    paths,
    reports,
    fix: values["unsafe-fixes"] ? "unsafe" : values.fix || values.diff ? "safe" : "none",
    diff: values.diff === true,
    stdin: reads ? (values["stdin-filename"] ?? "stdin.yaml") : undefined,
    maxWarnings: most === undefined ? undefined : Number(most),
    failOn,
  };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: "string", multiple: true },
      fix: { type: "boolean" },
      "unsafe-fixes": { type: "boolean" },
      diff: { type: "boolean" },
      stdin: { type: "boolean" },
      "stdin-filename": { type: "string" },
      "max-warnings": { type: "string" },
      "fail-on": { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
}

function target(written: string): ReportTarget {
  const equals = written.indexOf("=");
  if (equals < 0) return { format: written, file: undefined };
  return { format: written.slice(0, equals), file: written.slice(equals + 1) };
}
