import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { FaultWorker } from "../fault-site.ts";
import type { FaultProxy } from "../proxy/fault-proxy.ts";
import { type Chance, pick } from "./chance.ts";

/** A worker of the soak, the proxy of its own before it, and how it is started again. */
export interface Member {
  readonly name: string;
  readonly proxy: FaultProxy;
  worker: FaultWorker;
  readonly restart: () => Promise<FaultWorker>;
  /** What workers of this name printed that have ended. */
  readonly printed: string[];
}

/** How long a process stays stopped, or a server away. */
const GONE_MS = 2_500;

type Fault = (member: Member) => Promise<void> | void;

const everywhere: readonly (readonly [number, [string, Fault]])[] = [
  [4, ["connection cut", ({ proxy }) => proxy.cut()]],
  [2, ["connection half-open", ({ proxy }) => proxy.freeze()]],
  [3, ["server away", away]],
  [4, ["child killed", ({ worker }) => signalChild(worker.pid, "SIGKILL")]],
  [2, ["child stopped", stopChild]],
  [2, ["worker stopped", stopWorker]],
];

const whileWarm: typeof everywhere = [...everywhere, [6, ["worker killed", killWorker]]];

/**
 * One fault of a connection or a process. Workers themselves are killed during the warm-up alone:
 * after it, the memory of each is watched over its whole life.
 */
export async function processFault(
  chance: Chance,
  members: readonly Member[],
  isWarm: boolean,
  count: (name: string) => void,
): Promise<void> {
  const [name, fault] = pick(chance, isWarm ? everywhere : whileWarm);
  const member = pick(
    chance,
    members.map((one) => [1, one] as const),
  );
  count(name);
  await fault(member);
}

async function away({ proxy }: Member): Promise<void> {
  proxy.isAway = true;
  proxy.cut();
  await setTimeout(GONE_MS);
  proxy.isAway = false;
}

async function stopWorker({ worker }: Member): Promise<void> {
  worker.signal("SIGSTOP");
  await setTimeout(GONE_MS);
  worker.signal("SIGCONT");
}

async function stopChild({ worker }: Member): Promise<void> {
  const pid = childOf(worker.pid);
  signal(pid, "SIGSTOP");
  await setTimeout(GONE_MS);
  signal(pid, "SIGCONT");
}

async function killWorker(member: Member): Promise<void> {
  member.proxy.blameKill();
  member.worker.signal("SIGKILL");
  await member.worker.ended;
  member.printed.push(member.worker.printed());
  member.worker = await member.restart();
}

function signalChild(worker: number, name: NodeJS.Signals): void {
  signal(childOf(worker), name);
}

/** A child may end by itself at any moment. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** The oldest child of a process: most likely one that executes a run. */
export function childOf(worker: number): number | undefined {
  const [first = ""] = readFileSync(`/proc/${worker}/task/${worker}/children`, "utf8").split(" ");
  return first === "" ? undefined : Number(first);
}
