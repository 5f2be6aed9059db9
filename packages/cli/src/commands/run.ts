import { readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Command, Io } from "../io.ts";

const usage = `workloops run FILE: sends a run to a local Lightning and follows it to its end

  FILE.js          the source of one job
  FILE.json        a plan ({ "jobs": [...] }), or all that POST /runs takes
  --queue NAME     default, fast_lane or manual
  --input JSON     the input; @FILE reads it from a file
  --adaptor NAME   of a FILE.js, like @openfn/language-common@3.2.3
  --url URL        default http://127.0.0.1:4000, where workloops dev listens
  --timeout N      seconds until it is given up, default 600

Exit code 0: the run was a success. 1: it was not. 2: it could not be sent.
`;

interface RunOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly request: Readonly<Record<string, unknown>>;
}

/** What `GET /runs/:id` says, as far as it is shown here. */
interface RunView {
  readonly state: string;
  readonly changes: number;
  readonly worker_name: string | null;
  readonly error_type: string | null;
  readonly error_message: string | null;
  readonly final_state: unknown;
  readonly steps: readonly { readonly job_id: string; readonly reason: string | null }[];
  readonly logs: readonly { readonly source: string | null; readonly message: string }[];
}

const open: readonly string[] = ["available", "claimed", "started"];

/** Sends a run, prints what its worker tells of it, and ends as the run ends. */
export const run: Command = async (args, io) => {
  if (args.includes("--help") || args.includes("-h")) {
    io.out(usage);
    return 0;
  }
  const refuse = (problem: string): number => {
    io.err(`workloops run: ${problem}\n`);
    return 2;
  };
  const options = await readOptions(args, io);
  if (typeof options === "string") return refuse(options);
  const { url, request, timeoutMs } = options;
  const sent = await ask(`${url}/runs`, { method: "POST", body: JSON.stringify(request) });
  if (typeof sent === "string") return refuse(sent);
  const { id } = sent as { id: string };
  io.out(`${id} is in ${request["queue"] ?? "default"}\n`);
  const end = await follow(`${url}/runs/${id}`, Date.now() + timeoutMs, io);
  if (typeof end === "string") return refuse(end);
  return end.state === "success" ? 0 : 1;
};

async function readOptions(args: readonly string[], io: Io): Promise<RunOptions | string> {
  const text = { type: "string" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { queue: text, input: text, adaptor: text, url: text, timeout: text },
    });
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) return "give one FILE.js or FILE.json";
    const seconds = Number(values.timeout ?? 600);
    if (!(seconds > 0 && seconds <= 86_400)) return "--timeout: not seconds from 1 to 86400";
    const request = {
      ...(await readWork(resolve(io.cwd, file), values.adaptor)),
      ...(values.queue !== undefined && { queue: values.queue }),
      ...(values.input !== undefined && { input: await readInput(values.input, io.cwd) }),
    };
    if (values.adaptor !== undefined && file.endsWith(".json"))
      return "--adaptor: for a FILE.js; in a FILE.json each job names its own";
    const url = (values.url ?? "http://127.0.0.1:4000").replace(/\/+$/, "");
    return { url, timeoutMs: seconds * 1000, request };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function readWork(path: string, adaptor: string | undefined): Promise<object> {
  const text = await readFile(path, "utf8");
  if (!path.endsWith(".json")) return { body: text, ...(adaptor !== undefined && { adaptor }) };
  const value = parseJson(text, basename(path));
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${basename(path)}: not an object; write a plan, { "jobs": [...] }`);
  return "jobs" in value ? { plan: value } : value;
}

async function readInput(text: string, cwd: string): Promise<unknown> {
  if (!text.startsWith("@")) return parseJson(text, "--input");
  return parseJson(await readFile(resolve(cwd, text.slice(1)), "utf8"), text.slice(1));
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${where}: ${error instanceof Error ? error.message : "not JSON"}`);
  }
}

/** The JSON of an answer, or a sentence that says why there is none. */
async function ask(url: string, init?: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch {
    return `nobody answers at ${new URL(url).origin}; is workloops dev running there?`;
  }
  const body = (await response.json().catch(() => ({}))) as { error?: string };
  if (response.ok) return body;
  return body.error ?? `${new URL(url).origin} answered ${response.status}`;
}

/** How long one question stays open; a proxy between may close it after a minute. */
const waitMs = 30_000;

async function follow(url: string, deadline: number, io: Io): Promise<RunView | string> {
  let seen: RunView | undefined;
  for (;;) {
    const left = Math.min(waitMs, deadline - Date.now());
    if (left <= 0) return "the run has not ended in time; --timeout gives it longer";
    const wait = `wait=${Math.ceil(left)}&since=${seen?.changes ?? 0}`;
    const now = await ask(`${url}?${wait}`);
    if (typeof now === "string") return now;
    const view = now as RunView;
    io.out(news(seen, view));
    if (!open.includes(view.state)) return view;
    seen = view;
  }
}

/** The lines that tell what happened between two looks at a run. */
function news(seen: RunView | undefined, now: RunView): string {
  const lines: string[] = [];
  if (seen?.worker_name !== now.worker_name && now.worker_name !== null)
    lines.push(`claimed by ${now.worker_name}`);
  for (const log of now.logs.slice(seen?.logs.length ?? 0))
    lines.push(`[${log.source ?? "-"}] ${log.message}`);
  for (const [index, step] of now.steps.entries())
    if (step.reason !== null && (seen?.steps[index]?.reason ?? null) === null)
      lines.push(`step ${step.job_id}: ${step.reason}`);
  if (now.state !== seen?.state && now.state !== "available") {
    const why = now.error_type === null ? "" : ` (${now.error_type}: ${now.error_message ?? ""})`;
    lines.push(`${now.state}${why}`);
  }
  if (now.state === "success") lines.push(JSON.stringify(now.final_state, null, 2));
  return lines.map((line) => `${printable(line)}\n`).join("");
}

/** A job's log must not move the cursor or colour what follows. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}
