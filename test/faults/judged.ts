import type { FaultSite } from "./fault-site.ts";

/** Runs by the name that their jobs tell the witness. */
export type Runs = Readonly<Record<string, string>>;

/** Posts a run for each name; the job of each tells its name, then does `rest`. */
export async function give(
  site: FaultSite,
  names: readonly string[],
  rest = "",
  more: object = {},
): Promise<Runs> {
  const ids = await site.post(names.map((name) => site.job(name, rest, more)));
  return Object.fromEntries(names.map((name, n) => [name, ids[n] ?? ""]));
}

/** Posts a run with options of its own in its plan, such as `{ run_timeout_ms: 1500 }`. */
export async function giveLimited(
  site: FaultSite,
  name: string,
  rest: string,
  options: object,
): Promise<Runs> {
  const job = site.job(name, rest);
  const [id = ""] = await site.post([{ plan: { jobs: [job], options } }]);
  return { [name]: id };
}

/**
 * What became of runs: by the server's ledger how each ended, once, and what a worker did that it
 * must not; by the witness how often each was executed. The word of a worker counts for nothing.
 */
export async function judged(
  site: FaultSite,
  runs: Runs,
): Promise<Readonly<Record<string, unknown>>> {
  const { violations } = await site.violations();
  const told = Object.entries(runs).map(async ([name, id]) => {
    const { ends, state, reason, error_type } = await site.run(id);
    const end = [reason ?? state, error_type ?? ""].join(" ").trim();
    const how = ends.length > 1 ? `${end}, ended ${ends.length} times` : end;
    return [name, [how, site.witness.executions(name)]] as const;
  });
  return { violations, ...Object.fromEntries(await Promise.all(told)) };
}

/** The same, when all have ended. */
export async function judgedAtEnd(site: FaultSite, runs: Runs): ReturnType<typeof judged> {
  await site.ended(Object.values(runs));
  return judged(site, runs);
}

/** What is expected of runs that fared well: the same for each. */
export const each = (runs: Runs, how: string, executions = 1) => ({
  violations: [],
  ...Object.fromEntries(Object.keys(runs).map((name) => [name, [how, executions]])),
});
