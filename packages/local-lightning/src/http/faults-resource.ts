import type { ApiRequest } from "../api.ts";
import { faultTable } from "../faults/fault-table.ts";
import { type Fault, maxArmed, readFault } from "../faults/faults.ts";
import { strike } from "../faults/strike.ts";
import { readJson } from "./read-json.ts";
import { type Answer, json, problem } from "./respond.ts";

/** `POST /faults` `{ kind, ... }`; `{ kind: "none" }` disarms all. */
export async function postFault({ plane, request }: ApiRequest): Promise<Answer> {
  const body = await readJson(request);
  if (!body.ok) return problem(body.status, body.problem);
  if (isNone(body.value)) {
    plane.faults.armed = [];
    plane.awayUntil = 0;
    plane.wakeUps.enabled = true;
    return json(201, { id: null });
  }
  const read = readFault(body.value, plane.faults.next);
  if (!read.ok) return problem(400, read.problem);
  if (plane.faults.armed.length >= maxArmed)
    return problem(429, `${maxArmed} faults are armed; {"kind": "none"} disarms them`);
  plane.faults.next += 1;
  plane.faults.armed.push(read.fault);
  if (read.fault.row.at === undefined) strike(plane, read.fault);
  return json(201, { id: read.fault.id });
}

function isNone(body: unknown): boolean {
  return typeof body === "object" && body !== null && "kind" in body && body.kind === "none";
}

/** What can be asked for, what was, and how often it has struck. */
export function getFaults({ plane }: ApiRequest): Answer {
  const armed = plane.faults.armed.map(({ id, row, left, fired }: Fault) => ({
    ...{ id, kind: row.kind, left, fired },
  }));
  return json(200, { armed, kinds: faultTable });
}
