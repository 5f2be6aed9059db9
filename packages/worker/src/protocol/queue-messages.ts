import { bad, good, isRecord, kindOf, own, type Read, readList, readName } from "./read.ts";

/** Joins `worker:queue`. Keys of `queues` are chains joined by `>`, values their slots. Source: worker-contract 4. */
export interface QueueJoinPayload {
  readonly capacity: number;
  readonly queues: Readonly<Record<string, number>>;
}

/** Asks for at most `demand` runs of these queues, in this order of preference; `*` is any queue. */
export interface ClaimPayload {
  readonly demand: number;
  readonly worker_name: string | null;
  readonly queues: readonly string[];
}

/** One run that the server handed out: from here on it is ours. */
export interface ClaimedRun {
  readonly id: string;
  readonly token: string;
}

export interface ClaimReply {
  readonly runs: readonly ClaimedRun[];
}

/** What a claim without a usable list of queues asks for. Source: lightning-protocol 2.2. */
export const DEFAULT_CLAIM_QUEUES: readonly string[] = ["manual", "*"];

/** More than any lane asks for: each is held until it is ended, and a frame has room for a million. */
const MAX_RUNS_PER_REPLY = 5_000;

/** Each is a line of the log. */
const MAX_PROBLEMS_PER_REPLY = 10;

/**
 * A claim's reply. Good runs among bad ones are kept: a run that was handed out and is not
 * taken up is lost to everyone, so one bad entry must not cost the others.
 */
export function readClaimReply(
  value: unknown,
): Read<ClaimReply & { readonly problems: readonly string[] }> {
  if (!isRecord(value)) return bad(`claim reply: ${kindOf(value)}, not an object`);
  const list = own(value, "runs");
  if (!Array.isArray(list)) return bad(`claim reply.runs: ${kindOf(list)}, not a list`);
  const runs: ClaimedRun[] = [];
  const problems: string[] = [];
  for (const [index, item] of list.slice(0, MAX_RUNS_PER_REPLY).entries()) {
    const run = readClaimedRun(item, `claim reply.runs[${index}]`);
    if (run.ok) runs.push(run.value);
    else if (problems.length < MAX_PROBLEMS_PER_REPLY) problems.push(run.problem);
  }
  const left = list.length - runs.length - problems.length;
  if (left > 0) problems.push(`claim reply.runs: ${left} more are wrong or too many`);
  return good({ runs, problems });
}

/** Run ids are part of a topic, so they are bounded: a longer one cannot be framed in binary. */
const MAX_RUN_ID_CHARACTERS = 128;

function readClaimedRun(value: unknown, where: string): Read<ClaimedRun> {
  if (!isRecord(value)) return bad(`${where}: ${kindOf(value)}, not an object`);
  const id = readName(value, "id", where);
  if (!id.ok) return id;
  if (!/^[A-Za-z0-9_.-]+$/.test(id.value) || id.value.length > MAX_RUN_ID_CHARACTERS) {
    return bad(`${where}.id: not letters, digits, ".", "_" and "-", at most 128 of them`);
  }
  const token = readName(value, "token", where);
  if (!token.ok) return token;
  return good({ id: id.value, token: token.value });
}

/** What a server reads of a claim: the queues are sanitised, never refused. Source: lightning-protocol 2.2. */
export function readClaim(value: unknown): Read<ClaimPayload> {
  if (!isRecord(value)) return bad(`claim: ${kindOf(value)}, not an object`);
  const demand = own(value, "demand");
  if (typeof demand !== "number" || !Number.isInteger(demand)) {
    return bad(`claim.demand: ${kindOf(demand)}, not a whole number`);
  }
  if (!Object.hasOwn(value, "worker_name")) return bad("claim.worker_name: missing");
  const name = own(value, "worker_name");
  const queues = readList(own(value, "queues"), "claim.queues", (item, where) =>
    typeof item === "string" ? good(item) : bad(`${where}: not a string`),
  );
  return good({
    demand,
    worker_name: typeof name === "string" && name !== "" ? name : null,
    queues: queues.ok && queues.value.length > 0 ? queues.value : DEFAULT_CLAIM_QUEUES,
  });
}

/** What a server reads of a join. A capacity that is missing counts as 1. */
export function readQueueJoin(value: unknown): QueueJoinPayload {
  const payload = isRecord(value) ? value : {};
  const capacity = own(payload, "capacity");
  const queues = own(payload, "queues");
  const slots: [string, number][] = [];
  for (const [chain, count] of Object.entries(isRecord(queues) ? queues : {})) {
    if (typeof count === "number") slots.push([chain, count]);
  }
  return {
    capacity: typeof capacity === "number" && Number.isInteger(capacity) ? capacity : 1,
    queues: Object.fromEntries(slots),
  };
}
