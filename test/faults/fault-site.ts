import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type Program, type ProgramOptions, start } from "../../scripts/program.mjs";
import { ask } from "./ask.ts";
import { type FaultProxy, startProxy } from "./proxy/fault-proxy.ts";
import { startWitness, type Witness, witnessAdaptor, witnessRepo } from "./witness.ts";

/** The command as it is packed for npm; without the stage that packs it, as it was built last. */
export const command =
  process.env["WORKLOOPS_COMMAND"] ??
  resolve(import.meta.dirname, "../../packages/cli/bin/workloops.cjs");

const secret = "of these faults alone";

/** A run as `GET /runs/:id` of local Lightning tells it. */
export interface RunView {
  readonly id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly error_type: string | null;
  readonly error_message: string | null;
  readonly changes: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly steps: readonly { readonly thread_id: string | null }[];
  readonly logs: readonly { readonly message: string }[];
  readonly events: readonly { readonly event: string; readonly answer: string }[];
  readonly ends: readonly { readonly at: number; readonly state: string }[];
}

export interface Violations {
  readonly total: number;
  readonly violations: readonly { readonly kind: string; readonly detail: string }[];
}

interface Counts {
  readonly claims: number;
  readonly granted: number;
  readonly joins_replaced: number;
}

export interface Status {
  readonly workers: readonly { readonly worker_id: string; readonly started: number }[];
  readonly in_progress: number;
  readonly counts: Counts;
}

/** A running worker, and where its health is asked for. */
export interface FaultWorker extends Program {
  readonly httpUrl: () => string;
  readonly stateDir: string;
}

export interface WorkerOptions {
  readonly name?: string;
  readonly lanes?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a proxy of the site; a worker may have its own. */
  readonly proxy?: FaultProxy;
  readonly stateDir?: string;
  /** Default: one that holds the adaptor of the witness. */
  readonly repoDir?: string;
  /** Run tokens are checked with Lightning's public key. */
  readonly checksTokens?: boolean;
  /** A program that starts Node, such as `nice -n 5`. */
  readonly under?: readonly string[];
}

/** What the worker answers to a question after its health. */
export const health = async (worker: FaultWorker, path = "/readyz"): Promise<number> =>
  (await fetch(worker.httpUrl() + path)).status;

interface Readiness {
  readonly ready: boolean;
  readonly notes: readonly string[];
}

/** What it says once it is ready: a claim that a busy machine answers late makes it unready for a moment. */
export async function becomesReady(worker: FaultWorker): Promise<Readiness> {
  for (;;) {
    const answer = await fetch(`${worker.httpUrl()}/readyz`);
    const said = (await answer.json()) as Readiness;
    if (answer.status === 200) return said;
    await setImmediate();
  }
}

/** Local Lightning as a process, a proxy before it, and workers as processes. */
export interface FaultSite {
  readonly proxy: FaultProxy;
  readonly folder: string;
  readonly lightningPort: number;
  readonly witness: Witness;
  /** A run whose job tells the witness its name, and then does `rest`, such as `wait(500);` */
  readonly job: (name: string, rest?: string, more?: object) => object;
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: (runs: readonly object[]) => Promise<readonly string[]>;
  readonly fault: (body: object) => Promise<void>;
  readonly run: (id: string) => Promise<RunView>;
  /** Resolves with the run as soon as this is true of it, or it has ended. */
  readonly until: (id: string, isTrue: (run: RunView) => boolean) => Promise<RunView>;
  readonly ended: (ids: readonly string[]) => Promise<readonly RunView[]>;
  readonly status: () => Promise<Status>;
  readonly violations: () => Promise<Violations>;
  /** Starts a worker and waits until it has joined, unless `joins` is false. */
  readonly worker: (options?: WorkerOptions, joins?: boolean) => Promise<FaultWorker>;
  /** Ends Lightning without a goodbye and starts another on its port, which remembers nothing. */
  readonly restartLightning: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Quick timeouts, so that a fault is over within a test. */
export const quick = [
  ...["--claim-timeout", "1", "--message-timeout", "1", "--socket-timeout", "1"],
  ...["--backoff", "0.05/0.2"],
];

export async function openFaultSite(lightningArgs: readonly string[] = []): Promise<FaultSite> {
  const folder = mkdtempSync(join(tmpdir(), "workloops-faults-"));
  const witness = await startWitness();
  const repo = witnessRepo(folder);
  const programs: Program[] = [];
  const startOne = (
    program: string,
    args: readonly string[],
    more: ProgramOptions = {},
  ): Program => {
    const started = start(program, args, more);
    programs.push(started);
    return started;
  };
  const lightning = (port: string) =>
    startOne(
      process.execPath,
      [command, "dev", "--port", port, "--wake-up-window-ms", "50", ...lightningArgs],
      { env: { WORKER_SECRET: secret } },
    );
  let server = lightning("0");
  const [, httpUrl = ""] = await server.said(/^Local Lightning: (\S+)/);
  const [, publicKey = ""] = await server.said(/public key +(\S+)\n/);
  const { port } = new URL(httpUrl);
  const proxy = await startProxy(Number(port));
  const run = async (id: string, query = ""): Promise<RunView> =>
    (await ask(`${httpUrl}/runs/${id}${query}`)) as RunView;
  const until: FaultSite["until"] = async (id, isTrue) => {
    let seen = await run(id);
    while (!isTrue(seen) && seen.ends.length === 0) {
      seen = await run(id, `?wait=60000&since=${seen.changes}`);
    }
    return seen;
  };
  let workers = 0;
  return {
    proxy,
    folder,
    lightningPort: Number(port),
    witness,
    job: (name, rest = "", more = {}) => ({
      adaptor: witnessAdaptor,
      body: `tell("${witness.url}", "${name}");\n${rest}`,
      ...more,
    }),
    get: async <T>(path: string) => (await ask(httpUrl + path)) as T,
    post: async (runs) => {
      const made = await ask(`${httpUrl}/runs`, "POST", runs);
      return (made as { id: string }[]).map(({ id }) => id);
    },
    fault: async (body) => {
      await ask(`${httpUrl}/faults`, "POST", body);
    },
    run,
    until,
    ended: (ids) => Promise.all(ids.map((id) => until(id, ({ ends }) => ends.length > 0))),
    status: async () => (await ask(`${httpUrl}/status`)) as Status,
    violations: async () => (await ask(`${httpUrl}/violations`)) as Violations,
    async worker(options = {}, joins = true) {
      workers += 1;
      const own = join(folder, `worker-${workers}`);
      mkdirSync(own);
      const { checksTokens = false, env } = options;
      const worker = startWorker(startOne, own, options.proxy ?? proxy, {
        repoDir: repo,
        ...options,
        env: { ...(checksTokens && { WORKER_LIGHTNING_PUBLIC_KEY: publicKey }), ...env },
      });
      if (joins) await worker.said(/joined the queue/);
      return worker;
    },
    async restartLightning() {
      server.signal("SIGKILL");
      await server.ended;
      server = lightning(port);
      await server.said(/^Local Lightning: (\S+)/);
    },
    async close() {
      for (const program of programs) program.signal("SIGKILL");
      await Promise.all(programs.map(({ ended }) => ended));
      await proxy.close();
      await witness.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startWorker(
  startOne: typeof start,
  own: string,
  proxy: FaultProxy,
  options: WorkerOptions,
): FaultWorker {
  const { name = "worker", lanes = "*:2", args = quick, env = {}, repoDir = "" } = options;
  const stateDir = options.stateDir ?? join(own, "state");
  const [program = process.execPath, ...before] = [...(options.under ?? []), process.execPath];
  const worker = startOne(
    program,
    [
      ...before,
      ...[command, "worker", "--lightning", proxy.url, "--port", "0", "--host", "127.0.0.1"],
      ...["--repo-dir", repoDir, "--state-dir", stateDir, ...args],
    ],
    {
      cwd: own,
      env: { WORKER_SECRET: secret, WORKER_NAME: name, WORKER_WORKLOOPS: lanes, ...env },
    },
  );
  const httpUrl = () => {
    const port = /status on port (\d+)/.exec(worker.printed())?.[1];
    return `http://127.0.0.1:${port}`;
  };
  return { ...worker, httpUrl, stateDir };
}
