import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { installAdaptors } from "@workloops/engine/install-adaptors";
import type { Command, Io } from "../io.ts";

const usage = `Usage: workloops adaptors install NAME@VERSION… [--repo-dir DIR] [--registry URL]

Installs adaptors where a worker looks for them, so that its runs start without the registry:
in an image, or on a site that has none.

  --repo-dir DIR   default WORKER_REPO_DIR, else ~/.openfn/worker/repo
  --registry URL   default: as npm is configured

Exit code: 0 all are installed, 1 some are not, 2 wrong use.
`;

/** Installs adaptors ahead of the runs that need them. */
export const adaptorsCommand: Command = async (args, io) => {
  const options = readOptions(args, io);
  if (typeof options === "number") return options;
  const { adaptors, ...where } = options;
  const results = await installAdaptors(adaptors, where);
  for (const result of results) {
    if ("problem" in result) io.err(`${result.adaptor}: ${result.problem}\n`);
    else io.out(`${result.adaptor}: ${result.version} in ${where.repoDir}\n`);
  }
  return results.some((result) => "problem" in result) ? 1 : 0;
};

function readOptions(args: readonly string[], io: Io) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        "repo-dir": { type: "string" },
        registry: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help) {
      io.out(usage);
      return 0;
    }
    const [verb, ...adaptors] = positionals;
    if (verb !== "install" || adaptors.length === 0) {
      io.err(usage);
      return 2;
    }
    const given = values["repo-dir"] ?? io.env["WORKER_REPO_DIR"];
    const usual = join(io.env["HOME"] ?? homedir(), ".openfn", "worker", "repo");
    const { registry } = values;
    return {
      adaptors,
      repoDir: given === undefined ? usual : resolve(io.cwd, given),
      ...(registry !== undefined && { registry }),
    };
  } catch (error) {
    io.err(`workloops adaptors: ${(error as Error).message}\n\n${usage}`);
    return 2;
  }
}
