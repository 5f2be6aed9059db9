import { isRecord, kindOf, own } from "@workloops/worker/protocol";
import { type NewRun, type Plan, type QueueName, queueNames } from "../run-ledger.ts";

/** The body of `POST /runs` -> a run to be made, or what is wrong in it and what to write instead. */
export type ReadRun =
  | { readonly ok: true; readonly run: NewRun }
  | { readonly ok: false; readonly problem: string };

type Fields = Readonly<Record<string, unknown>>;

/** Ends the reading at the first thing that is wrong; it does not leave this file. */
class Problem extends Error {}

const known = [
  ...["queue", "body", "adaptor", "plan", "input", "raw_input", "request", "credentials"],
  ...["workflow", "project", "priority", "reply"],
];

/** @param defaultQueue where the body names none; `newId` for jobs and edges without an id */
export function readRun(body: unknown, defaultQueue: QueueName, newId: () => string): ReadRun {
  try {
    return { ok: true, run: read(body, defaultQueue, newId) };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.message };
    throw error;
  }
}

function read(body: unknown, defaultQueue: QueueName, newId: () => string): NewRun {
  const fields = record(body, "the body");
  const strange = Object.keys(fields).find((key) => !known.includes(key));
  if (strange !== undefined)
    throw new Problem(`${strange}: not known; known are ${known.join(", ")}`);
  const input = readInput(fields);
  return {
    queue: readQueue(own(fields, "queue") ?? defaultQueue),
    ...readWork(fields, newId),
    ...(input !== undefined && { input }),
    credentials: new Map(Object.entries(optional(fields, "credentials"))),
    ...readGroup(fields, "workflow"),
    ...readGroup(fields, "project"),
    ...readPriority(own(fields, "priority")),
    statusCodes: readReply(optional(fields, "reply")),
  };
}

function record(value: unknown, where: string): Fields {
  if (isRecord(value)) return value;
  throw new Problem(`${where}: ${kindOf(value)}, not an object`);
}

function optional(fields: Fields, name: string): Fields {
  const value = own(fields, name);
  return value === undefined || value === null ? {} : record(value, name);
}

function readQueue(value: unknown): QueueName {
  const name = queueNames.find((queue) => queue === value);
  if (name === undefined)
    throw new Problem(`queue: ${JSON.stringify(value)}, not one of ${queueNames.join(", ")}`);
  return name;
}

/** `body` is the short form of a plan of one job. */
function readWork(fields: Fields, newId: () => string): Pick<NewRun, "jobs"> & Partial<NewRun> {
  const body = own(fields, "body");
  const plan = own(fields, "plan");
  if ((body === undefined) === (plan === undefined))
    throw new Problem("body, plan: give one of them, the source of a job or a whole plan");
  if (plan !== undefined) return readPlan(record(plan, "plan"), newId);
  if (typeof body !== "string") throw new Problem(`body: ${kindOf(body)}, not a job's source`);
  const adaptor = own(fields, "adaptor");
  if (adaptor !== undefined && typeof adaptor !== "string")
    throw new Problem(`adaptor: ${kindOf(adaptor)}, not a name like @openfn/language-common@3.2.3`);
  const id = newId();
  const job = { id, name: "job", body, ...(adaptor !== undefined && { adaptor }) };
  return { jobs: [job], startingNodeId: id };
}

/** A plan as Lightning sends it; what it must have and has not (ids) is made. */
function readPlan(plan: Fields, newId: () => string): Pick<NewRun, "jobs"> & Partial<NewRun> {
  const { jobs, triggers, edges, starting_node_id: start, options, ...rest } = plan;
  const list = (value: unknown, name: string): Plan["jobs"] => {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw new Problem(`plan.${name}: ${kindOf(value)}, not a list`);
    return value.map((item: unknown, index) => {
      const fields = record(item, `plan.${name}[${index}]`);
      const id = own(fields, "id") ?? newId();
      if (typeof id !== "string" || id === "")
        throw new Problem(`plan.${name}[${index}].id: ${kindOf(id)}, not a name`);
      return { ...fields, id };
    });
  };
  const read = list(jobs, "jobs");
  if (!Array.isArray(jobs)) throw new Problem("plan.jobs: missing; give a list of jobs");
  if (start !== undefined && start !== null && typeof start !== "string")
    throw new Problem(`plan.starting_node_id: ${kindOf(start)}, not the id of a job or trigger`);
  const { id: _id, dataclip_id: _dataclip, project_id: _project, meta: _meta, ...extra } = rest;
  return {
    jobs: read,
    triggers: list(triggers, "triggers"),
    edges: list(edges, "edges"),
    ...(typeof start === "string" && { startingNodeId: start }),
    ...(options !== undefined && options !== null && { options: record(options, "plan.options") }),
    extra,
  };
}

/** `input` is the dataclip; with `request` it is that of an HTTP request: `{ data, request }`. */
function readInput(fields: Fields): string | undefined {
  const raw = own(fields, "raw_input");
  const input = own(fields, "input");
  const request = own(fields, "request");
  if (raw !== undefined) {
    if (typeof raw !== "string") throw new Problem(`raw_input: ${kindOf(raw)}, not JSON text`);
    if (input !== undefined || request !== undefined)
      throw new Problem("raw_input: give it alone, without input and request");
    return raw;
  }
  if (request !== undefined) return JSON.stringify({ data: input ?? {}, request });
  return input === undefined ? undefined : JSON.stringify(input);
}

function readGroup(fields: Fields, name: "workflow" | "project") {
  if (own(fields, name) === undefined) return {};
  const group = record(own(fields, name), name);
  const id = own(group, "id");
  const concurrency = own(group, "concurrency") ?? undefined;
  if (typeof id !== "string" || id === "") throw new Problem(`${name}.id: missing, a name`);
  if (concurrency === undefined) return { [name]: { id } };
  if (typeof concurrency !== "number" || !Number.isInteger(concurrency) || concurrency < 1)
    throw new Problem(`${name}.concurrency: not a whole number of at least 1`);
  return { [name]: { id, concurrency } };
}

function readPriority(value: unknown) {
  if (value === undefined) return {};
  if (value === "immediate") return { priority: 0 };
  if (value === "normal") return { priority: 1 };
  throw new Problem(`priority: ${JSON.stringify(value)}, not "immediate" or "normal"`);
}

function readReply(fields: Fields) {
  const code = (name: string): number | undefined => {
    const value = own(fields, name) ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599)
      return value;
    throw new Problem(`reply.${name}: not an HTTP status from 200 to 599`);
  };
  const [success, error] = [code("success_code"), code("error_code")];
  return { ...(success !== undefined && { success }), ...(error !== undefined && { error }) };
}
