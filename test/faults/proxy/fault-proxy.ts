import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { frameReader, type WireFrame } from "./frame-reader.ts";
import { type Asked, type Message, readMessage } from "./message.ts";

/** What the proxy does with a message instead of passing it on. */
export type Act =
  | "drop"
  | "twice"
  /** Half of the frame arrives, then both sides lose the connection. */
  | "cut-inside"
  | "cut-before"
  | "cut-after"
  /** It arrives behind the next message of another topic that goes the same way. */
  | "swap"
  /** Nothing passes on this connection any more, and neither side is told. */
  | "half-open"
  /** It, and what is behind it on its topic, arrives when this has settled. */
  | { readonly until: Promise<unknown> };

/** Is asked about each message. `undefined`: it passes. */
export type Judge = (message: Message) => Act | undefined;

export interface FaultProxy {
  /** For the worker's `--lightning`. */
  readonly url: string;
  judge: Judge;
  /** While this is true, new connections are cut at once. */
  isAway: boolean;
  /** Sees each message that has arrived on the other side. */
  onPassed: (message: Message) => void;
  /** Sees each message that was destroyed. */
  onLost: (message: Message) => void;
  /** Cuts every connection, without a goodbye. */
  readonly cut: () => void;
  /** Lets nothing pass any more on the connections that are open. */
  readonly freeze: () => void;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

interface Way {
  readonly to: Socket;
  /** What is held back, by topic: later messages of the topic wait behind it. */
  readonly held: Map<string, Promise<unknown>>;
  /** A message that waits for the next one of another topic. */
  swapped: { readonly message: Message; readonly pass: () => void } | undefined;
}

interface Connection {
  readonly sockets: readonly [Socket, Socket];
  readonly asked: Asked;
  readonly ways: Readonly<Record<Message["way"], Way>>;
  isFrozen: boolean;
}

/** A proxy on loopback before the Lightning at this port, which reads what passes and can break it. */
export async function startProxy(port: number): Promise<FaultProxy> {
  const open = new Set<Connection>();
  const server = createServer((client) => {
    if (proxy.isAway) client.destroy();
    else begin(proxy, open, client, connect(port, "127.0.0.1"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: FaultProxy = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/worker`,
    judge: () => undefined,
    isAway: false,
    onPassed: () => {},
    onLost: () => {},
    cut: () => {
      for (const connection of [...open]) end(connection);
    },
    freeze: () => {
      for (const connection of open) connection.isFrozen = true;
    },
    connections: () => [...open].filter(({ isFrozen }) => !isFrozen).length,
    close: async () => {
      proxy.cut();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}

function begin(proxy: FaultProxy, open: Set<Connection>, client: Socket, upstream: Socket): void {
  const connection: Connection = {
    sockets: [client, upstream],
    asked: new Map(),
    ways: {
      up: { to: upstream, held: new Map(), swapped: undefined },
      down: { to: client, held: new Map(), swapped: undefined },
    },
    isFrozen: false,
  };
  open.add(connection);
  client.on("data", reader(proxy, connection, "up"));
  upstream.on("data", reader(proxy, connection, "down"));
  for (const socket of connection.sockets) {
    socket.setNoDelay(true);
    // A connection that is reset has ended; why is of no interest here.
    socket.on("error", () => {});
    socket.on("close", () => {
      // Neither side of a frozen connection hears of the other's end.
      if (!connection.isFrozen) end(connection);
      if (connection.sockets.every(({ destroyed }) => destroyed)) open.delete(connection);
    });
  }
}

function end(connection: Connection): void {
  connection.isFrozen = false;
  for (const socket of connection.sockets) socket.destroy();
}

/** Passes the head of the upgrade on, and reads frames from there. */
function reader(
  proxy: FaultProxy,
  connection: Connection,
  way: Message["way"],
): (chunk: Buffer) => void {
  const frames = frameReader((frame) => onFrame(proxy, connection, way, frame));
  let head = "";
  let isUpgraded = false;
  return (chunk) => {
    if (connection.isFrozen) return;
    if (isUpgraded) return frames(chunk);
    const before = head.length;
    head += chunk.toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    const passed = end < 0 ? chunk.length : end + 4 - before;
    connection.ways[way].to.write(chunk.subarray(0, passed));
    if (end < 0) return;
    isUpgraded = true;
    frames(chunk.subarray(passed));
  };
}

function onFrame(
  proxy: FaultProxy,
  connection: Connection,
  name: Message["way"],
  frame: WireFrame,
): void {
  if (connection.isFrozen) return;
  const way = connection.ways[name];
  const message = readMessage(frame, name, connection.asked);
  if (message === undefined) {
    way.to.write(frame.raw);
    return;
  }
  const pass = (bytes: Buffer = frame.raw): void => {
    const isLost = connection.isFrozen || way.to.destroyed;
    if (!isLost) way.to.write(bytes);
    (isLost ? proxy.onLost : proxy.onPassed)(message);
  };
  // A message never overtakes another of its own topic.
  if (way.swapped?.message.topic === message.topic) releaseSwapped(way);
  const act = proxy.judge(message);
  const before = way.held.get(message.topic);
  if (before !== undefined || typeof act === "object") {
    const until = Promise.all([before, typeof act === "object" ? act.until : undefined]);
    const passed = until.then(() => pass());
    way.held.set(message.topic, passed);
    void passed.then(() => {
      if (way.held.get(message.topic) === passed) way.held.delete(message.topic);
    });
    return;
  }
  perform(proxy, connection, way, message, frame, act, pass);
}

function perform(
  proxy: FaultProxy,
  connection: Connection,
  way: Way,
  message: Message,
  { raw }: WireFrame,
  act: Exclude<Act, object> | undefined,
  pass: (bytes?: Buffer) => void,
): void {
  switch (act) {
    case undefined:
      pass();
      releaseSwapped(way);
      return;
    case "twice":
      pass();
      pass();
      return;
    case "swap":
      releaseSwapped(way);
      way.swapped = { message, pass };
      return;
    case "cut-after":
      pass();
      // What was written is sent before the end of the stream; then both sides are cut.
      way.to.end(() => end(connection));
      return;
    case "cut-inside":
      proxy.onLost(message);
      way.to.end(raw.subarray(0, Math.ceil(raw.length / 2)), () => end(connection));
      return;
    case "half-open":
      connection.isFrozen = true;
      proxy.onLost(message);
      return;
    case "cut-before":
      end(connection);
      proxy.onLost(message);
      return;
    case "drop":
      proxy.onLost(message);
      return;
  }
}

function releaseSwapped(way: Way): void {
  const { swapped } = way;
  way.swapped = undefined;
  swapped?.pass();
}
