import { socketUrl } from "../adapters/socket-url.ts";
import { mintWorkerToken } from "../adapters/tokens.ts";
import { webSocketTransport } from "../adapters/web-socket-transport.ts";
import { workerId } from "../adapters/worker-id.ts";
import type { WorkerConfig } from "../options/worker-config.ts";
import type { SocketEvent, TransportSocket } from "../ports.ts";
import { phoenix, QUEUE_TOPIC, readReply, sayRefusal } from "../protocol/index.ts";
import { bad, type Check, good, warning } from "./check.ts";
import { checkAddress } from "./check-address.ts";

/** How long Lightning may take for each step of a look. */
const STEP_MS = 10_000;

/** The address, then the socket with the worker's token, then a join. It never claims. */
export async function checkLightning(config: WorkerConfig): Promise<readonly Check[]> {
  const address = checkAddress(config.lightning);
  if (address.outcome === "bad") return [address];
  if (config.secret === undefined) {
    return [address, bad("token", "no secret: set WORKER_SECRET to the one that Lightning has")];
  }
  const token = await mintWorkerToken(config.secret, workerId());
  return [
    address,
    await checkClock(config.lightning),
    ...(await joinOnce(socketUrl(config.lightning, token, "doctor"))),
  ];
}

/** More than this between the two clocks, and tokens begin to be refused. */
const MAX_SKEW_SECONDS = 5;

async function checkClock(lightning: string): Promise<Check> {
  const url = new URL(lightning);
  url.protocol = url.protocol === "wss:" ? "https:" : "http:";
  url.pathname = "/";
  try {
    const response = await fetch(url, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(STEP_MS),
    });
    const theirs = Date.parse(response.headers.get("date") ?? "");
    if (Number.isNaN(theirs)) return warning("clock", "Lightning does not say what time it is");
    const skewSeconds = Math.round((Date.now() - theirs) / 1_000);
    return Math.abs(skewSeconds) > MAX_SKEW_SECONDS
      ? bad(
          "clock",
          `${skewSeconds} s away from Lightning's: tokens are refused beyond ${MAX_SKEW_SECONDS} s`,
        )
      : good("clock", `within ${MAX_SKEW_SECONDS} s of Lightning's`);
  } catch (error) {
    return warning("clock", `cannot be compared: ${sayNetworkError(error)}`);
  }
}

function sayNetworkError(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return cause instanceof Error ? cause.name : "unknown";
}

/** Opens a socket and joins the queue with no capacity, so that nobody counts on this worker. */
async function joinOnce(url: string): Promise<readonly Check[]> {
  const events: SocketEvent[] = [];
  let wake: () => void = () => {};
  const socket: TransportSocket = webSocketTransport(url).open((event) => {
    events.push(event);
    wake();
  });
  const next = async (): Promise<SocketEvent | undefined> => {
    if (events.length === 0) {
      const timer = setTimeout(() => wake(), STEP_MS);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      clearTimeout(timer);
    }
    return events.shift();
  };
  try {
    const opened = await next();
    if (opened?.type !== "open") {
      const reason = opened?.type === "closed" ? opened.reason : "no answer in time";
      return [bad("socket", reason)];
    }
    const socketIsOpen = good("socket", "open, and the token is taken");
    const payload = { capacity: 0, queues: {} };
    socket.send({ joinRef: "1", ref: "1", topic: QUEUE_TOPIC, event: phoenix.join, payload });
    const answer = await next();
    if (answer?.type !== "frame") return [socketIsOpen, bad("join", "not answered in time")];
    const reply = readReply(answer.frame.payload);
    if (!reply.ok) return [socketIsOpen, bad("join", reply.problem)];
    const { status, response } = reply.value;
    return [
      socketIsOpen,
      status === "ok" ? good("join", "the queue can be joined") : bad("join", sayRefusal(response)),
    ];
  } finally {
    socket.close();
  }
}
