import { parseArgs } from "node:util";
import type { LaneSnapshot, WorkerSnapshot } from "@workloops/worker";
import type { Command, Io } from "../io.ts";

const usage = `workloops status: what each lane of a running worker does, and why it does not claim

  --url URL      where the worker listens; default http://127.0.0.1:2222
  --token TEXT   the worker's ops token; default WORKER_OPS_TOKEN
  --json         what the worker answers, as it stands
`;

/** A worker answers in milliseconds. */
const TIMEOUT_MS = 5_000;

/** `workloops status`. Exit code 0: shown; 1: the worker does not answer; 2: the arguments. */
export const status: Command = async (args, io) => {
  const options = readArgs(args, io);
  if (typeof options === "string") {
    io.err(`workloops status: ${options}\n`);
    return 2;
  }
  if (options.help) {
    io.out(usage);
    return 0;
  }
  const answer = await ask(options.url, options.token);
  if (typeof answer === "string") {
    io.err(`workloops status: ${answer}\n`);
    return 1;
  }
  io.out(options.json ? `${JSON.stringify(answer)}\n` : say(answer));
  return 0;
};

interface StatusOptions {
  readonly url: string;
  readonly token: string;
  readonly json: boolean;
  readonly help: boolean;
}

function readArgs(args: readonly string[], { env }: Io): StatusOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: "string", default: "http://127.0.0.1:2222" },
        token: { type: "string", default: env["WORKER_OPS_TOKEN"] ?? "" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return URL.canParse(values.url) ? values : `--url: ${values.url} is no address`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function ask(url: string, token: string): Promise<WorkerSnapshot | string> {
  let response: Response;
  try {
    response = await fetch(new URL("/status", url), {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    return `no worker answers at ${url}`;
  }
  const body = await response.text();
  if (!response.ok) return body.trim().slice(0, 200) || `HTTP ${response.status}`;
  return JSON.parse(body);
}

function say({ mode, joined, active, capacity, lanes }: WorkerSnapshot): string {
  const head = `${mode}, ${joined ? "joined" : "not joined"}, ${active} of ${capacity} slots used\n`;
  return head + lanes.map(sayLane).join("");
}

function sayLane(lane: LaneSnapshot): string {
  const lines = [
    `${lane.chain} (${lane.mode}): ${lane.active} of ${lane.capacity} slots used${lane.surplus > 0 ? `, ${lane.surplus} runs wait` : ""}`,
    `  last claim: ${sayLast(lane)}`,
    `  ${lane.whyNotClaiming ?? "it is claiming now"}`,
    ...lane.runs.map(({ id, phase, ageMs }) => `  run ${id}: ${phase}, ${seconds(ageMs)}`),
  ];
  return `\n${lines.join("\n")}\n`;
}

function sayLast({ lastClaim }: LaneSnapshot): string {
  if (lastClaim === null) return "none yet";
  const runs = lastClaim.runs > 0 ? ` with ${lastClaim.runs} runs` : "";
  return `${lastClaim.outcome}${runs}, ${seconds(lastClaim.agoMs)} ago`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
