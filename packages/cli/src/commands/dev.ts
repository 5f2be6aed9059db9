import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { type LocalLightning, type News, startLocalLightning } from "@workloops/local-lightning";
import type { Command, Io } from "../io.ts";

const usage = `workloops dev: a Lightning in memory, for workers on this machine

  --port N                default 4000, where workers look; 0: any that is free
  --host ADDRESS          default 127.0.0.1; who reaches it can make your workers run code
  --secret TEXT           what workers sign with; default WORKER_SECRET, else a new one
  --wake-up-window-ms N   how long a new run waits for others before workers are woken; default 500
  --run-timeout-ms N      default 300000
  --janitor-interval-ms N default 300000
  --rollback              claims go back to the queue where their socket has died
`;

interface DevOptions {
  readonly port: number;
  readonly host: string;
  readonly secret: string;
  /** Whether the secret was given, and so need not be shown. */
  readonly isOwnSecret: boolean;
  readonly wakeUpWindowMs: number;
  readonly runTimeoutMs: number;
  readonly janitorIntervalMs: number;
  readonly rollback: boolean;
}

/** Starts the local Lightning and keeps it until SIGINT or SIGTERM. */
export const dev: Command = async (args, io) => {
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    return await devUntil(args, io, stopped);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
};

/** `dev` until a promise says that it is enough. Exit code 2: the arguments, 1: the address is taken. */
export async function devUntil(
  args: readonly string[],
  io: Io,
  stopped: Promise<void>,
): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    io.out(usage);
    return 0;
  }
  const options = readOptions(args, io.env);
  if (typeof options === "string") {
    io.err(`workloops dev: ${options}\n`);
    return 2;
  }
  let lightning: LocalLightning;
  try {
    lightning = await startLocalLightning({ ...options, tell: (news) => io.out(say(news)) });
  } catch (error) {
    io.err(`workloops dev: ${sayStartError(error, options)}\n`);
    return 1;
  }
  io.out(welcome(lightning, options));
  await stopped;
  await lightning.close();
  return 0;
}

function readOptions(args: readonly string[], env: Io["env"]): DevOptions | string {
  const text = { type: "string" } as const;
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        ...{ port: text, host: text, secret: text, "wake-up-window-ms": text },
        ...{ "run-timeout-ms": text, "janitor-interval-ms": text },
        rollback: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const problems: string[] = [];
  const number = (name: string, usual: number, least: number, most: number): number => {
    const given = values[name];
    if (given === undefined) return usual;
    const value = Number(given);
    if (/^\d+$/.test(String(given)) && value >= least && value <= most) return value;
    problems.push(`--${name}: ${given}, not a whole number from ${least} to ${most}`);
    return usual;
  };
  const given = values["secret"] ?? env["WORKER_SECRET"];
  if (given === "") problems.push("--secret: empty; leave it out to get a new one");
  const options: DevOptions = {
    port: number("port", 4_000, 0, 65_535),
    host: String(values["host"] ?? "127.0.0.1"),
    secret: given === undefined ? randomBytes(24).toString("base64url") : String(given),
    isOwnSecret: given !== undefined,
    wakeUpWindowMs: number("wake-up-window-ms", 500, 0, 3_600_000),
    runTimeoutMs: number("run-timeout-ms", 300_000, 1, 86_400_000),
    janitorIntervalMs: number("janitor-interval-ms", 300_000, 10, 86_400_000),
    rollback: values["rollback"] === true,
  };
  return problems.length > 0 ? problems.join("; ") : options;
}

function sayStartError(error: unknown, { host, port }: DevOptions): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `${host}:${port} is taken; --port 0 takes any that is free`;
  if (code === "EACCES") return `${host}:${port} is not for everybody; take a port above 1023`;
  return error instanceof Error ? error.message : String(error);
}

/** A line for each thing that happens; what workers call themselves must not move the cursor. */
function say(news: News): string {
  switch (news.type) {
    case "joined": {
      const slots = [...news.slots].map(([chain, count]) => `${chain}:${count}`).join(" ");
      return `worker ${printable(news.workerId)} joined: ${printable(slots)}\n`;
    }
    case "left":
      return `worker ${printable(news.workerId)} left\n`;
    case "run": {
      const by = news.state === "claimed" ? ` by ${printable(news.workerName ?? "a worker")}` : "";
      return `run ${news.id} ${news.queue} ${news.state}${by}, ${news.waiting} waiting\n`;
    }
  }
}

/** At most a line's length, without anything that a terminal obeys. */
function printable(text: string): string {
  return text.slice(0, 200).replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
}

function welcome({ url, httpUrl, publicKey }: LocalLightning, options: DevOptions): string {
  const secret = options.isOwnSecret ? '"$WORKER_SECRET"' : options.secret;
  const open = /^(127\.|localhost$|::1$)/.test(options.host)
    ? ""
    : "\nOthers can reach it: whoever does can make your workers run code.\n";
  return `Local Lightning: ${httpUrl} (in memory: what it knows ends with it)
${open}
  for workers   ${url}
  secret        ${options.isOwnSecret ? "the one that was given" : options.secret}
  public key    ${publicKey}

A worker, in another terminal:
  WORKER_SECRET=${secret} workloops worker --lightning ${url} --workloops 'fast_lane:1 manual>*:4'

A run:
  workloops run job.js --queue fast_lane --url ${httpUrl}

Ctrl-C ends it.
`;
}
