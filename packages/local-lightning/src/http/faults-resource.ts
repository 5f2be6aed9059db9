import type { ApiRequest } from "../api.ts";
import { faultTable } from "../faults/fault-table.ts";
import { maxArmed, readFault } from "../faults/faults.ts";
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
  if (read.fault.row.at === undefined) strike(plane, read.fault);
  else plane.faults.armed.push(read.fault);
  return json(201, { id: read.fault.id });
}

function isNone(body: unknown): boolean {
  return typeof body === "object" && body !== null && "kind" in body && body.kind === "none";
}

/** What waits for its moment, how often each kind has struck, and what can be asked for. */
export function getFaults({ plane }: ApiRequest): Answer {
  const armed = plane.faults.armed.map(({ id, row, left }) => ({ id, kind: row.kind, left }));
  return json(200, { armed, fired: Object.fromEntries(plane.faults.fired), kinds: faultTable });
}
