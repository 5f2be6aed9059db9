import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/**
 * A Lightning of a page, written from the protocol page alone: it shares no line, type or name
 * with the worker or with local Lightning, so that a misreading of theirs is not read here too.
 */
export interface BareLightning {
  readonly url: string;
  /** Each socket that was opened: its path and its query. */
  readonly sockets: readonly URL[];
  /** Everything that a worker has sent, in order, but for heartbeats. */
  readonly frames: readonly Sent[];
  /** Resolves with the first frame of this kind, sent now or later. */
  readonly frame: (isIt: (frame: Sent) => boolean) => Promise<Sent>;
  /** Hands these runs out at the next claims. */
  readonly offer: (...runs: readonly BareRun[]) => void;
  readonly push: (topic: string, event: string) => void;
  /** The most events of one run that were unanswered at once; questions (`fetch:…`) do not count. */
  readonly mostInFlight: () => number;
  /** Cuts every socket without a word. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

export interface Sent {
  readonly joinRef: string | null;
  readonly ref: string | null;
  readonly topic: string;
  readonly event: string;
  // What a worker says is what the tests look at.
  // biome-ignore lint/suspicious/noExplicitAny: the tests read it as they expect it to be
  readonly payload: any;
}

export interface BareRun {
  readonly id: string;
  readonly token?: string;
  readonly plan: object;
  readonly input?: unknown;
  readonly credentials?: Readonly<Record<string, object>>;
}

export type Reply = { readonly status: "ok" | "error"; readonly response: unknown } | "nothing";

/** `answer` may answer in the place of the server: `undefined` leaves it to the server. */
export async function bareLightning(
  secret: string,
  answer: (frame: Sent) => Reply | undefined = () => undefined,
): Promise<BareLightning> {
  const waiting: BareRun[] = [];
  const runs = new Map<string, BareRun>();
  const sockets: URL[] = [];
  const frames: Sent[] = [];
  const looks = new Set<() => void>();
  const inFlight = new Map<string, number>();
  let mostInFlight = 0;
  const http = createServer((_, response) => response.end());
  const server = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, stream, head) => {
    const url = new URL(request.url ?? "/", "ws://bare");
    if (url.pathname !== "/worker/websocket" || !isSigned(url.searchParams.get("token"), secret)) {
      stream.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 12\r\n\r\nUnauthorized");
      return;
    }
    sockets.push(url);
    server.handleUpgrade(request, stream, head, (socket) => listen(socket));
  });

  const usual = (frame: Sent): Reply => {
    const run = runs.get(frame.topic.slice("run:".length));
    const ok = (response: unknown): Reply => ({ status: "ok", response });
    switch (frame.event) {
      case "claim": {
        const given = waiting.splice(0, frame.payload.demand);
        for (const one of given) runs.set(one.id, one);
        return ok({ runs: given.map(({ id, token = `token of ${id}` }) => ({ id, token })) });
      }
      case "fetch:plan":
        return ok(run?.plan);
      case "fetch:credential":
        return ok(run?.credentials?.[frame.payload.id] ?? null);
      case "fetch:dataclip":
        return ok(Buffer.from(JSON.stringify(run?.input ?? null)));
      case "step:start":
      case "step:complete":
        return ok({ step_id: frame.payload.step_id });
      default:
        return ok(frame.event.startsWith("run:") ? null : {});
    }
  };

  const listen = (socket: WebSocket): void => {
    socket.on("message", (data) => {
      const [joinRef, ref, topic, event, payload] = JSON.parse(String(data));
      const frame: Sent = { joinRef, ref, topic, event, payload };
      if (topic !== "phoenix") frames.push(frame);
      for (const look of looks) look();
      const reply = answer(frame) ?? usual(frame);
      if (reply === "nothing") return;
      if (!/^run:|^step:/.test(event)) {
        socket.send(encoded(frame, reply));
        return;
      }
      const open = (inFlight.get(topic) ?? 0) + 1;
      inFlight.set(topic, open);
      mostInFlight = Math.max(mostInFlight, open);
      // A worker that does not wait for the answer has time to say the next.
      setTimeout(() => {
        inFlight.set(topic, (inFlight.get(topic) ?? 1) - 1);
        socket.send(encoded(frame, reply));
      }, 2);
    });
  };

  await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
  const cut = (): void => {
    for (const socket of server.clients) socket.terminate();
  };
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}/worker`,
    sockets,
    frames,
    frame: (isIt) =>
      new Promise((found) => {
        const look = () => {
          const frame = frames.find(isIt);
          if (frame === undefined) return;
          looks.delete(look);
          found(frame);
        };
        looks.add(look);
        look();
      }),
    offer: (...more) => {
      waiting.push(...more);
    },
    push: (topic, event) => {
      const joined = frames.findLast((one) => one.topic === topic && one.event === "phx_join");
      for (const socket of server.clients) {
        socket.send(JSON.stringify([joined?.joinRef ?? null, null, topic, event, {}]));
      }
    },
    mostInFlight: () => mostInFlight,
    cut,
    close: () => {
      cut();
      return new Promise((done) => http.close(() => done()));
    },
  };
}

/** Serializer v2: text, and the binary form of a reply that is bytes (kind 1). */
function encoded({ joinRef, ref, topic }: Sent, reply: Exclude<Reply, "nothing">): string | Buffer {
  const { status, response } = reply;
  if (!(response instanceof Buffer)) {
    return JSON.stringify([joinRef, ref, topic, "phx_reply", { status, response }]);
  }
  const names = [joinRef ?? "", ref ?? "", topic, status].map((name) => Buffer.from(name));
  return Buffer.concat([Buffer.from([1, ...names.map((name) => name.length)]), ...names, response]);
}

/** HS256 over the secret's own bytes. */
function isSigned(token: string | null, secret: string): boolean {
  const [head = "", body = "", signature] = (token ?? "").split(".");
  const expected = createHmac("sha256", secret).update(`${head}.${body}`).digest("base64url");
  return signature === expected;
}

/** What a token says, unchecked. */
export function claimsOf(token: string | null): {
  readonly head: unknown;
  readonly body: Record<string, unknown>;
} {
  const [head = "", body = ""] = (token ?? "").split(".");
  const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
  return { head: read(head), body: read(body) };
}
