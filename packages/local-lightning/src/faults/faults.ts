import { isRecord, own } from "@workloops/worker/protocol";
import { type FaultPlace, type FaultRow, faultTable } from "./fault-table.ts";

/** A fault that waits for its moment. */
export interface Fault {
  readonly id: number;
  readonly row: FaultRow;
  readonly ms: number | undefined;
  readonly count: number | undefined;
  readonly bytes: number | undefined;
  readonly code: number | undefined;
  readonly status: unknown;
  readonly response: unknown;
  readonly token: string | undefined;
  /** Only this event, chain (names joined by `>`), run or worker name. */
  readonly event: string | undefined;
  readonly chain: string | undefined;
  readonly runId: string | undefined;
  readonly workerName: string | undefined;
  /** How many matching moments pass before the first. */
  after: number;
  /** How often it will still strike. */
  left: number;
}

/** What is known at the moment that a fault may strike. */
export interface FaultMoment {
  readonly event?: string;
  readonly chain?: string;
  readonly runId?: string;
  readonly workerName?: string;
}

/** Faults armed, in the order in which they were asked for, and what became of those before. */
export interface Faults {
  armed: Fault[];
  /** How often each kind has struck. */
  readonly fired: Map<string, number>;
  next: number;
}

/** More than any test arms; a loop that arms for ever must not fill the memory. */
export const maxArmed = 1_000;

export function createFaults(): Faults {
  return { armed: [], fired: new Map(), next: 1 };
}

/** The first armed fault that strikes here and now. One that has struck as often as it was to is gone. */
export function takeFault(faults: Faults, at: FaultPlace, moment: FaultMoment): Fault | undefined {
  for (const fault of faults.armed) {
    if (fault.row.at !== at || !fits(fault, moment)) continue;
    if (fault.after > 0) {
      fault.after -= 1;
      continue;
    }
    fault.left -= 1;
    if (fault.left <= 0) faults.armed = faults.armed.filter((other) => other !== fault);
    countFired(faults, fault);
    return fault;
  }
  return undefined;
}

export function countFired({ fired }: Faults, { row }: Fault): void {
  fired.set(row.kind, (fired.get(row.kind) ?? 0) + 1);
}

function fits(fault: Fault, moment: FaultMoment): boolean {
  return (
    (fault.event === undefined || fault.event === moment.event) &&
    (fault.chain === undefined || fault.chain === moment.chain) &&
    (fault.runId === undefined || fault.runId === moment.runId) &&
    (fault.workerName === undefined || fault.workerName === moment.workerName)
  );
}

type ReadFault = { ok: true; fault: Fault } | { ok: false; problem: string };

const known = new Set([
  ...["kind", "times", "after", "event", "chain", "run_id", "worker_name"],
  ...["ms", "count", "bytes", "code", "status", "response", "token"],
]);
/** An hour, a hundred thousand and more than a worker reads in one message are more than any test needs. */
const mostOf = [
  ["times", 100_000],
  ["after", 100_000],
  ["ms", 3_600_000],
  ["count", 10_000],
  ["bytes", 80_000_000],
  ["code", 4_999],
] as const;
const closeCodes = /^(?:100[0-3]|100[7-9]|101[0-4]|[34]\d{3})$/;
const tokens: readonly unknown[] = ["foreign", "expired", "malformed", "forged"];

/** The body of `POST /faults` -> a fault, or what is wrong in it. */
export function readFault(body: unknown, id: number): ReadFault {
  const no = (problem: string): ReadFault => ({ ok: false, problem });
  if (!isRecord(body)) return no("a fault is an object with a kind");
  const row = faultTable.find(({ kind }) => kind === own(body, "kind"));
  if (row === undefined)
    return no(`kind: not one of ${faultTable.map(({ kind }) => kind).join(", ")}`);
  const strange = Object.keys(body).find((key) => !known.has(key));
  if (strange !== undefined) return no(`${strange}: not known; known are ${[...known].join(", ")}`);
  for (const [name, most] of mostOf) {
    const value = own(body, name);
    if (value === undefined) continue;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > most)
      return no(`${name}: not a whole number from 0 to ${most}`);
  }
  if (own(body, "times") === 0) return no("times: 0 is never; leave the fault out");
  const code = own(body, "code");
  if (code !== undefined && !closeCodes.test(String(code)))
    return no(
      "code: not a close code that a server may send: 1000 to 1003, 1007 to 1014, 3000 to 4999",
    );
  for (const name of ["event", "chain", "run_id", "worker_name", "token"]) {
    const value = own(body, name);
    if (value !== undefined && typeof value !== "string") return no(`${name}: not a string`);
  }
  const token = own(body, "token");
  if (row.effect === "bad-tokens" && !tokens.includes(token))
    return no(`token: not one of ${tokens.join(", ")}`);
  const number = (name: string) => own(body, name) as number | undefined;
  const text = (name: string) => own(body, name) as string | undefined;
  return {
    ok: true,
    fault: {
      id,
      row,
      ms: number("ms"),
      count: number("count"),
      bytes: number("bytes"),
      code: number("code"),
      status: own(body, "status"),
      response: own(body, "response"),
      token: text("token"),
      event: text("event"),
      chain: text("chain"),
      runId: text("run_id"),
      workerName: text("worker_name"),
      after: number("after") ?? 0,
      left: number("times") ?? 1,
    },
  };
}
