import { readFileSync, statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkJob } from "@workloops/engine/check-job";
import type { Command, Io } from "../io.ts";
import { type FoundJob, jobsInFile } from "../jobs/jobs-in-file.ts";

const usage = `Usage: workloops check-jobs FILE… [--repo-dir DIR] [--format pretty|json]

Compiles every job of an exported project (YAML or JSON), a run's plan, a workflow or a .js
file, and runs none. Says which do not compile, and what OpenFn's compiler does otherwise.

  --repo-dir DIR   where adaptors are installed; default WORKER_REPO_DIR. What an adaptor
                   exports is read there; one that is not there is taken to export what is used

Exit code: 0 all compile, 1 some do not, 2 wrong use or a file that cannot be read.
`;

const maxFileBytes = 64 * 1024 * 1024;

/** One line about one job. Lines from 1, columns from 0 as OpenFn's compiler says them. */
interface Finding {
  readonly path: string;
  readonly job: string;
  readonly severity: "error" | "difference";
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Compiles every job of exported files. */
export const checkJobsCommand: Command = async (args, io) => {
  const options = readOptions(args, io);
  if (typeof options === "number") return options;
  const findings: Finding[] = [];
  let jobs = 0;
  let unreadable = 0;
  for (const path of options.paths) {
    const found = readJobs(path, io);
    if (typeof found === "string") {
      io.err(`${path}: ${found}\n`);
      unreadable += 1;
      continue;
    }
    jobs += found.length;
    for (const job of found) findings.push(...check(path, job, options.repoDir, io));
  }
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (options.json) {
    io.out(`${JSON.stringify({ version: 1, jobs, errors, findings }, null, 2)}\n`);
  } else {
    for (const { path, job, line, column, severity, message } of findings)
      io.out(`${path}: ${job} ${line}:${column} ${severity}: ${message}\n`);
    const different = findings.length - errors;
    io.out(`${jobs} jobs: ${errors} do not compile, ${different} differences from OpenFn\n`);
  }
  if (unreadable > 0) return 2;
  return errors > 0 ? 1 : 0;
};

function readOptions(args: readonly string[], io: Io) {
  try {
    const { values, positionals: paths } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "repo-dir": { type: "string" },
        format: { type: "string", default: "pretty" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      io.out(usage);
      return 0;
    }
    if (paths.length === 0 || !/^(pretty|json)$/.test(values.format)) {
      io.err(usage);
      return 2;
    }
    const repoDir = values["repo-dir"] ?? io.env["WORKER_REPO_DIR"];
    return { paths, repoDir, json: values.format === "json" };
  } catch (error) {
    io.err(`workloops check-jobs: ${(error as Error).message}\n\n${usage}`);
    return 2;
  }
}

function readJobs(path: string, io: Io): readonly FoundJob[] | string {
  try {
    const absolute = resolve(io.cwd, path);
    const { size } = statSync(absolute);
    if (size > maxFileBytes) return `is ${size} bytes large; at most ${maxFileBytes} are read`;
    return jobsInFile(path, readFileSync(absolute, "utf8"));
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`;
  }
}

function check(path: string, job: FoundJob, repoDir: string | undefined, io: Io): Finding[] {
  const at = { path, job: job.name };
  const body = typeof job.body === "string" ? job.body : readBody(path, job.body.path, io);
  if (typeof body !== "string")
    return [{ ...at, severity: "error", line: 1, column: 0, message: body.problem }];
  const places = repoDir === undefined ? undefined : { repoDir: resolve(io.cwd, repoDir) };
  const { problem, differences } = checkJob(body, job.adaptors, places);
  if (problem !== undefined) return [{ ...at, severity: "error", ...problem }];
  return differences.map((difference) => ({ ...at, severity: "difference", ...difference }));
}

/** A project may keep a body in a file below its own folder, and nowhere else. */
function readBody(project: string, path: string, io: Io): string | { readonly problem: string } {
  const folder = resolve(io.cwd, dirname(project));
  const file = resolve(folder, path);
  if (relative(folder, file).startsWith(".."))
    return { problem: `its body is in ${path}, outside of the project's folder` };
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return { problem: `its body cannot be read: ${(error as Error).message}` };
  }
}
