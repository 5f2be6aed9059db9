import { knownQueues, type RuleText } from "@workloops/parser";
import { mayHoldValue, openDocument } from "../document.ts";
import type { Finding } from "../finding.ts";
import { mergedServices } from "../merged-services.ts";
import { parseOnce } from "../parse-once.ts";
import { isDeployed, isWorker, type Process, winner } from "../process.ts";
import { resolveProcess } from "../resolve-process.ts";
import type { Workspace } from "../workspace.ts";
import { foundAt, type RuleContext } from "./host-rule.ts";

export const queueUnserved: RuleText = {
  code: "queue-unserved",
  severity: "warning",
  summary: "No worker of this Lightning takes one of its queues.",
  why: `Runs of a queue that no worker takes wait for ever: no claim asks for them, and neither the server nor a worker reports it. That happens when every group is strict, when the one deployment with a \`*\` is scaled to zero, or when it stands behind a profile that is not active.

Workers belong together when they have the same service URL, else when they stand in one compose project, namespace or folder. The setting \`servedElsewhere\` names queues that workers outside of these files take.`,
  bad: {
    language: "yaml",
    text: `services:
  fast:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: fast_lane:2`,
  },
  good: {
    language: "yaml",
    text: `services:
  fast:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: fast_lane:2
  general:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: manual>*:4`,
  },
  data: { queues: "the queues that nobody takes" },
  fixes: [],
};

/** Files of one folder that are looked into for workers of the same deployment. */
const mostSiblings = 200;

/** The queues that no worker of a deployment in this document takes. */
export async function unservedQueues(
  processes: readonly Process[],
  workspace: Workspace,
  context: RuleContext,
): Promise<Finding[]> {
  const own = processes.filter(
    (process) => isWorker(process) && isDeployed(process) && !isDropIn(process),
  );
  const elsewhere = new Set(context.settings.servedElsewhere ?? []);
  const wanted = knownQueues(context.settings).filter((queue) => !elsewhere.has(queue));
  const groups = byDeployment(own);
  const found: Finding[] = [];
  let others: Map<string, Process[]> | undefined;
  for (const [key, workers] of groups) {
    if (missing(wanted, workers).length === 0) continue;
    others ??= byDeployment(await siblings(own, context.uri, workspace));
    const queues = missing(wanted, [...workers, ...(others.get(key) ?? [])]);
    const [first] = workers;
    if (queues.length === 0 || first === undefined) continue;
    found.push(finding(first, queues, context));
  }
  return found;
}

function finding(process: Process, queues: readonly string[], context: RuleContext): Finding {
  const given = winner(process, "workloops");
  const value = given?.value?.uri === context.uri ? given.value : undefined;
  const span = value === undefined || value.text === "" ? process.span : value.content;
  const named = queues.map((queue) => `\`${queue}\``).join(", ");
  const message = `No worker of this deployment takes ${named}, so runs of ${queues.length === 1 ? "that queue" : "these queues"} wait for ever: add a group with \`*\`, or name them in servedElsewhere.`;
  const { code, severity } = queueUnserved;
  return { code, severity, ...foundAt({ uri: context.uri, span }, message, { data: { queues } }) };
}

/** A part of a unit is no worker beside it. */
function isDropIn({ uri }: Process): boolean {
  return /\.d\/[^/]+\.conf$/.test(uri);
}

function byDeployment(processes: readonly Process[]): Map<string, Process[]> {
  const groups = new Map<string, Process[]>();
  for (const process of processes) {
    const key = deployment(process);
    groups.set(key, [...(groups.get(key) ?? []), process]);
  }
  return groups;
}

/** What workers must have in common to serve the same Lightning. */
function deployment(process: Process): string {
  const url = winner(process, "lightning")?.value;
  if (url?.certainty === "exact") return `url ${url.text.trim()}`;
  const folder = process.uri.slice(0, process.uri.lastIndexOf("/") + 1);
  return `${process.platform} ${process.scope} ${folder}`;
}

function missing(wanted: readonly string[], workers: readonly Process[]): string[] {
  const left = new Set(wanted);
  for (const worker of workers) {
    if (!worker.active || worker.replicas?.value === 0) continue;
    for (const queue of takes(worker, wanted)) left.delete(queue);
  }
  return [...left];
}

/** A value that cannot be known, or is wrong, is not held against anybody here. */
function takes(worker: Process, wanted: readonly string[]): readonly string[] {
  const given = winner(worker, "workloops");
  const value = given?.value;
  if (given === undefined || value === undefined || value.certainty !== "exact") return wanted;
  if (value.text.startsWith("@")) return wanted;
  const { tree, diagnostics } = parseOnce(value.text);
  if (diagnostics.some(({ severity }) => severity === "error")) return wanted;
  const queues = tree.groups.flatMap(({ chain }) => chain.queues);
  if (queues.some(({ kind }) => kind === "wildcard")) return wanted;
  return queues.flatMap((queue) => (queue.kind === "queue" ? queue.name : []));
}

/** Workers of other files that belong to the same deployment: of the same folder, or included from there. */
async function siblings(
  own: readonly Process[],
  uri: string,
  workspace: Workspace,
): Promise<Process[]> {
  const here = (await workspace.list(uri)).filter((file) => file !== uri && mayHoldValue(file));
  const found: Process[] = [];
  for (const file of here.slice(0, mostSiblings)) found.push(...(await workersIn(file, workspace)));
  const includes = [...own, ...found].flatMap(({ links, uri: from }) =>
    links.flatMap((link) =>
      link.kind === "include" ? [link.paths.map((path) => workspace.resolve(from, path))] : [],
    ),
  );
  const byFiles = new Map(includes.map((files) => [files.join("\n"), files]));
  for (const files of [...byFiles.values()].slice(0, mostSiblings)) {
    // An included service runs in the project that includes it, wherever its file is kept.
    const workers = (await mergedServices(files, workspace)).filter(isWorker);
    found.push(...workers.map((worker) => ({ ...worker, uri })));
  }
  return found;
}

async function workersIn(file: string, workspace: Workspace): Promise<Process[]> {
  const text = await workspace.read(file);
  if (text === undefined) return [];
  const { processes } = openDocument(file, text);
  const found: Process[] = [];
  for (const process of processes) {
    if (!isDeployed(process)) continue;
    const resolved = await resolveProcess(process, processes, workspace);
    if (isWorker(resolved)) found.push(resolved);
  }
  return found;
}
