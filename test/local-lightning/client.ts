import { createHmac } from "node:crypto";
import { decodeFrame, encodeFrame, type Frame } from "@workloops/worker/protocol";
import { WebSocket } from "ws";

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An HS256 token with any claims, signed with any key: what a good worker and a bad one send. */
export function workerToken(secret: string, claims: object = {}): string {
  const whole = { worker_id: "brisk-blue-fox", iat: 1_790_000_000, iss: "urn:openfn:worker" };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ ...whole, ...claims })}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

export interface Answered {
  readonly status: "ok" | "error";
  readonly response: unknown;
}

/** A worker made of nothing but a socket and frames, to speak to the server word by word. */
export interface Client {
  readonly ws: WebSocket;
  /** Every frame that came, in order. */
  readonly frames: Frame[];
  readonly send: (frame: Partial<Frame> & { topic: string; event: string }) => void;
  readonly join: (topic: string, payload?: unknown) => Promise<Answered>;
  readonly push: (topic: string, event: string, payload: unknown) => Promise<Answered>;
  /** The first frame, past or future, that fits. */
  readonly frame: (fits: (frame: Frame) => boolean) => Promise<Frame>;
  readonly closed: Promise<number>;
  readonly close: () => void;
}

/** Connects to `ws://.../worker`; rejects with the HTTP status where the upgrade is refused. */
export function connect(url: string, token: string, query = "vsn=2.0.0"): Promise<Client> {
  const ws = new WebSocket(`${url}/websocket?token=${encodeURIComponent(token)}&${query}`);
  const frames: Frame[] = [];
  const listeners = new Set<() => void>();
  const joins = new Map<string, string>();
  let refs = 0;
  ws.on("message", (data: Buffer, isBinary: boolean) => {
    const read = decodeFrame(isBinary ? data : data.toString("utf8"), "server");
    if (!read.ok) throw new Error(read.problem);
    frames.push(read.value);
    for (const listener of [...listeners]) listener();
  });
  const closed = new Promise<number>((resolve) => ws.once("close", resolve));
  const frame: Client["frame"] = (fits) =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = frames.find(fits);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
    });
  const send: Client["send"] = ({ joinRef = null, ref = null, payload = {}, ...rest }) =>
    ws.send(encodeFrame({ joinRef, ref, payload, ...rest }, "client"));
  const ask = async (topic: string, event: string, payload: unknown): Promise<Answered> => {
    refs += 1;
    const ref = String(refs);
    if (event === "phx_join") joins.set(topic, ref);
    send({ joinRef: joins.get(topic) ?? null, ref, topic, event, payload });
    const reply = await frame((got) => got.event === "phx_reply" && got.ref === ref);
    return reply.payload as Answered;
  };
  const client: Client = {
    ...{ ws, frames, send, frame, closed },
    join: (topic, payload = {}) => ask(topic, "phx_join", payload),
    push: ask,
    close: () => ws.terminate(),
  };
  return new Promise((resolve, reject) => {
    ws.once("open", () => resolve(client));
    ws.once("unexpected-response", (request, response) => {
      request.destroy();
      reject(new Error(String(response.statusCode)));
    });
    ws.once("error", reject);
  });
}
