import type { RunRecord } from "@workloops/local-lightning/run-ledger";
import { namesProject } from "../lightning/run-exchange.ts";
import type { Fact } from "../world/fact.ts";
import { COLLECTIONS, PROFILE_POLL_MS } from "../world/world.ts";
import type { Bench, Judge } from "./judge.ts";

type Executed = Extract<Fact, { readonly type: "execute" }>;
type Fields = Readonly<Record<string, unknown>>;

/**
 * What the engine is given is what the server holds: every step with its source, adaptors,
 * credential and followers, the input, and the limits. Written from the page of the protocol,
 * so that it shares no line with the translation that it judges.
 */
export function judgePlans({ ledger, scenario, accuse }: Bench): Judge {
  return {
    see: {
      execute: (fact) => {
        const run = ledger.runs.get(fact.run);
        if (run === undefined) return;
        for (const [what, given, wanted] of comparisons(run, fact, scenario)) {
          if (given === wanted) continue;
          const [is, should] = [JSON.stringify(given), JSON.stringify(wanted)];
          if (is !== should) accuse(6, `${what} of ${run.id} is ${is}, and should be ${should}`);
        }
      },
    },
  };
}

function comparisons(
  run: RunRecord,
  { plan, input, options }: Executed,
  scenario: Bench["scenario"],
) {
  const collects = scenario.collections;
  const held = run.plan as RunRecord["plan"] & Fields;
  const rows: [string, unknown, unknown][] = [
    ["the start", plan.start, held.starting_node_id],
    ["the name", plan.name, held["name"]],
    ["the globals", plan.globals, held["globals"]],
    [
      "the credentials of all",
      withoutToken(plan.credentials),
      collects ? ofAll(run, scenario) : undefined,
    ],
    ["the input", input, inputOf(run)],
    ["the timeout", options.timeoutMs, held.options["run_timeout_ms"] ?? 300_000],
    ["the memory", options.memoryLimitMb, held.options["run_memory_limit_mb"] || 500],
    ["the payload", options.payloadLimitMb, held.options["payload_limit_mb"] ?? 10],
    ["the lines", options.logPayloadLimitMb, held.options["log_payload_limit_mb"] ?? 1],
    ["the profile", options.profilePollMs, collects ? PROFILE_POLL_MS : undefined],
    ["the log level", options.jobLogLevel, known(held.options["job_log_level"], ["loud"])],
    ["the policy", options.sanitize, known(held.options["sanitize"], ["scrub"])],
    [
      "the list of steps",
      plan.steps.map((step) => step.id),
      [...held.triggers, ...held.jobs].map((step) => step.id),
    ],
  ];
  for (const step of plan.steps) {
    const job = held.jobs.find(({ id }) => id === step.id) as Fields | undefined;
    rows.push([`what follows ${step.id}`, step.next ?? {}, followersOf(run, step.id, job)]);
    if (job === undefined) continue;
    rows.push(
      [`the source of ${step.id}`, step.expression, job["body"] ?? ""],
      [`the name of ${step.id}`, step.name, job["name"]],
      [`the adaptors of ${step.id}`, step.adaptors, adaptorsOf(job, collects)],
      [`the state of ${step.id}`, step.state, job["state"]],
      [`the credential of ${step.id}`, step.configuration, credentialOf(run, job)],
    );
  }
  return rows;
}

function ofAll({ id, queued }: RunRecord, { leanPlans }: Bench["scenario"]): Fields {
  return {
    collections_endpoint: COLLECTIONS.url,
    ...((!leanPlans || namesProject(id)) && { project_id: queued.projectId }),
  };
}

/** The token of the run is a secret of the world's; that there is one is enough. */
function withoutToken(credentials: Fields | undefined): Fields | undefined {
  if (typeof credentials?.["collections_token"] !== "string") return undefined;
  const { collections_token: _, ...rest } = credentials;
  return rest;
}

function adaptorsOf(job: Fields, collects: boolean): readonly unknown[] {
  const uses = collects && String(job["body"]).includes("collections.");
  return [
    ...(job["adaptor"] ? [job["adaptor"]] : []),
    ...(uses ? [`@openfn/language-collections@${COLLECTIONS.version}`] : []),
  ];
}

/** A value that the worker does not know is as good as none. */
function known(value: unknown, unknown: readonly string[]): unknown {
  return unknown.includes(String(value)) ? undefined : value;
}

function inputOf({ plan, dataclips, savesDataclips }: RunRecord): string {
  if (plan.dataclip_id === null) return "{}";
  // The server has wiped what it does not save; the world has one input for all runs.
  return savesDataclips ? (dataclips.get(plan.dataclip_id) ?? "null") : '{"data":{"n":1}}';
}

function credentialOf({ credentials }: RunRecord, job: Fields): unknown {
  return credentials.get(String(job["credential_id"])) ?? undefined;
}

function followersOf({ plan }: RunRecord, id: string, job: Fields | undefined): Fields {
  const followers: Record<string, unknown> = {};
  for (const edge of plan.edges as readonly Fields[]) {
    if ((job === undefined ? edge["source_trigger_id"] : edge["source_job_id"]) !== id) continue;
    const condition = edge["condition"];
    const always =
      condition === null || condition === undefined || condition === "" || condition === "always";
    if (edge["enabled"]) {
      followers[String(edge["target_job_id"])] = always ? true : { condition };
    } else if (job !== undefined) followers[String(edge["target_job_id"])] = { disabled: true };
  }
  return followers;
}
