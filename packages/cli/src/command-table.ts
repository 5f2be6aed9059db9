/** A command of `workloops`, and the bundle that holds it. */
export interface CommandEntry {
  readonly name: string;
  /** Behind the name in the list that `--help` prints. */
  readonly summary: string;
  /** A file beside the main bundle. It exports `commands`; one that `runs` starts by being loaded. */
  readonly bundle: string;
  readonly runs?: true;
}

/** Every command, in the order of `--help`. */
export const commandTable: readonly CommandEntry[] = [
  { name: "lint", summary: "Check the values in files and folders", bundle: "lint.cjs" },
  {
    name: "migrate",
    summary: "Write draft syntax and capacities as workloops",
    bundle: "lint.cjs",
  },
  { name: "explain", summary: "Say what a value does, or what a rule means", bundle: "values.cjs" },
  { name: "diff", summary: "Show what a change means for each queue", bundle: "values.cjs" },
  { name: "format", summary: "Write values in canonical text", bundle: "values.cjs" },
  { name: "init", summary: "Write a workloops.config.json", bundle: "lint.cjs" },
  { name: "print-config", summary: "Show the settings that apply to a file", bundle: "lint.cjs" },
  { name: "worker", summary: "Run a worker", bundle: "worker.mjs" },
  { name: "status", summary: "Show the lanes of a running worker", bundle: "worker.mjs" },
  { name: "doctor", summary: "Look at what a worker would need here", bundle: "worker.mjs" },
  { name: "dev", summary: "Run a small Lightning on this machine", bundle: "local-lightning.mjs" },
  { name: "run", summary: "Send a run to a small Lightning", bundle: "local-lightning.mjs" },
  {
    name: "check-jobs",
    summary: "Compile the jobs of a project, running none",
    bundle: "jobs.mjs",
  },
  { name: "adaptors", summary: "Install adaptors ahead of runs", bundle: "jobs.mjs" },
  {
    name: "language-server",
    summary: "Answer an editor over --stdio",
    bundle: "language-server.cjs",
    runs: true,
  },
];
