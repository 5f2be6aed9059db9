import {
  bad,
  good,
  isRecord,
  kindOf,
  own,
  type Read,
  readList,
  readName,
  readOptionalText,
} from "./read.ts";

/** A run's work as Lightning sends it. Source: lightning-protocol 4.3, worker-contract 6. */
export interface LightningPlan {
  readonly id?: string;
  readonly name?: string;
  readonly project_id?: string;
  readonly dataclip_id?: string;
  readonly starting_node_id?: string;
  readonly triggers: readonly LightningTrigger[];
  readonly jobs: readonly LightningJob[];
  readonly edges: readonly LightningEdge[];
  readonly options: LightningOptions;
  readonly globals?: string;
}

export interface LightningTrigger {
  /** Absent: `trigger`. */
  readonly id?: string;
}

export interface LightningJob {
  readonly id: string;
  readonly name?: string;
  readonly body?: string;
  readonly adaptor?: string;
  /** A credential to fetch (text) or one that came with the plan (an object). */
  readonly credential?: string | Readonly<Record<string, unknown>>;
  readonly state?: Readonly<Record<string, unknown>>;
}

export interface LightningEdge {
  readonly id?: string;
  readonly source_trigger_id?: string;
  readonly source_job_id?: string;
  readonly target_job_id: string;
  readonly condition?: string;
  readonly enabled: boolean;
}

export interface LightningOptions {
  readonly run_timeout_ms?: number;
  readonly run_memory_limit_mb?: number;
  readonly payload_limit_mb?: number;
  readonly log_payload_limit_mb?: number;
  readonly output_dataclips?: boolean;
  readonly job_log_level?: string;
  readonly sanitize?: string;
}

/** Unknown fields are tolerated; a field of another type is named. */
export function readLightningPlan(value: unknown): Read<LightningPlan> {
  if (!isRecord(value)) return bad(`plan: ${kindOf(value)}, not an object`);
  const triggers = readList(own(value, "triggers"), "plan.triggers", readTrigger);
  if (!triggers.ok) return triggers;
  const jobs = readList(own(value, "jobs"), "plan.jobs", readJob);
  if (!jobs.ok) return jobs;
  const edges = readList(own(value, "edges"), "plan.edges", readEdge);
  if (!edges.ok) return edges;
  const options = readOptions(own(value, "options"));
  if (!options.ok) return options;
  const texts = readTexts(
    value,
    ["id", "name", "project_id", "dataclip_id", "starting_node_id", "globals"],
    "plan",
  );
  if (!texts.ok) return texts;
  return good({
    triggers: triggers.value,
    jobs: jobs.value,
    edges: edges.value,
    options: options.value,
    ...texts.value,
  });
}

function readTexts<Field extends string>(
  record: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  where: string,
): Read<{ readonly [F in Field]?: string }> {
  const texts: { [F in Field]?: string } = {};
  for (const field of fields) {
    const text = readOptionalText(record, field, where);
    if (!text.ok) return text;
    if (text.value !== undefined) texts[field] = text.value;
  }
  return good(texts);
}

function readTrigger(value: unknown, where: string): Read<LightningTrigger> {
  if (!isRecord(value)) return bad(`${where}: ${kindOf(value)}, not an object`);
  return readTexts(value, ["id"], where);
}

function readJob(value: unknown, where: string): Read<LightningJob> {
  if (!isRecord(value)) return bad(`${where}: ${kindOf(value)}, not an object`);
  const id = readName(value, "id", where);
  if (!id.ok) return id;
  const texts = readTexts(value, ["name", "body", "adaptor"], where);
  if (!texts.ok) return texts;
  const credential = own(value, "credential") ?? own(value, "credential_id") ?? undefined;
  if (credential !== undefined && typeof credential !== "string" && !isRecord(credential)) {
    return bad(`${where}.credential: ${kindOf(credential)}, neither an id nor an object`);
  }
  const state = own(value, "state") ?? undefined;
  if (state !== undefined && !isRecord(state)) {
    return bad(`${where}.state: ${kindOf(state)}, not an object`);
  }
  return good({
    id: id.value,
    ...texts.value,
    ...(credential !== undefined && credential !== "" && { credential }),
    ...(state !== undefined && { state }),
  });
}

function readEdge(value: unknown, where: string): Read<LightningEdge> {
  if (!isRecord(value)) return bad(`${where}: ${kindOf(value)}, not an object`);
  const target = readName(value, "target_job_id", where);
  if (!target.ok) return target;
  const texts = readTexts(value, ["id", "source_trigger_id", "source_job_id", "condition"], where);
  if (!texts.ok) return texts;
  return good({
    target_job_id: target.value,
    enabled: Boolean(own(value, "enabled")),
    ...texts.value,
  });
}

/** The least that each limit may say: a time of 0 is no limit, and nothing runs in no memory. */
const LEAST = {
  run_timeout_ms: 0,
  run_memory_limit_mb: 1,
  payload_limit_mb: 0,
  log_payload_limit_mb: 0,
} as const;

/** A limit that is no number, or less than it may be, is as good as none: the worker's own holds then. */
function readOptions(value: unknown): Read<LightningOptions> {
  if (value === undefined || value === null) return good({});
  if (!isRecord(value)) return bad(`plan.options: ${kindOf(value)}, not an object`);
  const limits: { -readonly [L in keyof typeof LEAST]?: number } = {};
  for (const limit of Object.keys(LEAST) as (keyof typeof LEAST)[]) {
    const size = own(value, limit);
    if (typeof size === "number" && Number.isFinite(size) && size >= LEAST[limit]) {
      limits[limit] = size;
    }
  }
  const dataclips = own(value, "output_dataclips");
  const texts = readTexts(value, ["job_log_level", "sanitize"], "plan.options");
  if (!texts.ok) return texts;
  return good({
    ...limits,
    ...texts.value,
    ...(typeof dataclips === "boolean" && { output_dataclips: dataclips }),
  });
}
