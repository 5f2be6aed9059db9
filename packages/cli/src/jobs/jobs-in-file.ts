import { parse } from "yaml";

/** A job as an exported file holds it. */
export interface FoundJob {
  /** Its workflow and name, as far as there are any, for messages. */
  readonly name: string;
  /** Its source, or the file beside the project that holds it. */
  readonly body: string | { readonly path: string };
  readonly adaptors: readonly string[];
}

/**
 * The jobs of an exported project (YAML or JSON: `workflows`, each with `jobs`), of a run's plan
 * (`jobs` with `body`) or of a workflow for OpenFn's command line (`workflow.steps` with
 * `expression`). A `.js` file is one job. A text: why the file cannot be read as any of these.
 */
export function jobsInFile(path: string, text: string): readonly FoundJob[] | string {
  if (/\.[cm]?js$/.test(path)) return [{ name: path, body: text, adaptors: [] }];
  let content: unknown;
  try {
    // JSON is YAML, and its positions and messages are as good.
    content = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  }
  const jobs = jobsOf(content, "");
  return jobs.length > 0
    ? jobs
    : "holds no jobs: expected a project with `workflows`, a plan with `jobs`, or a workflow with `steps`";
}

function jobsOf(value: unknown, within: string): FoundJob[] {
  if (!isRecord(value)) return [];
  const found = entries(value["workflows"]).flatMap(([key, workflow]) =>
    jobsOf(workflow, `${within}${nameOf(workflow, key)} / `),
  );
  if (isRecord(value["workflow"])) found.push(...jobsOf(value["workflow"], within));
  for (const [key, job] of [...entries(value["jobs"]), ...entries(value["steps"])]) {
    const body = bodyOf(job);
    if (body === undefined || !isRecord(job)) continue;
    const adaptors = [job["adaptor"], job["adaptors"]].flat().filter(isText);
    found.push({ name: `${within}${nameOf(job, key)}`, body, adaptors });
  }
  return found;
}

function bodyOf(job: unknown): FoundJob["body"] | undefined {
  if (!isRecord(job)) return undefined;
  const body = job["body"] ?? job["expression"];
  if (typeof body === "string") return body;
  return isRecord(body) && isText(body["path"]) ? { path: body["path"] } : undefined;
}

function nameOf(value: unknown, key: string): string {
  const name = isRecord(value) ? (value["name"] ?? value["id"]) : undefined;
  return isText(name) ? name : key;
}

/** The members of a list or of an object. */
function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
