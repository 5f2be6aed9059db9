import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { frameReader, type WireFrame } from "./frame-reader.ts";
import { followGrants, type Grants } from "./grants.ts";
import { type Asked, askTwice, type Message, readMessage } from "./message.ts";

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
  /** Whoever is at the other end is about to be killed: what is on its way may not be read. */
  readonly blameKill: () => void;
  /** The runs in claims' replies that faults have destroyed. */
  readonly destroyedGrants: () => ReadonlySet<string>;
  /** What is known of the reply that handed this run out, in words. */
  readonly storyOf: (run: string) => string;
  /** Cuts every connection and refuses new ones, as a server that has ended does. */
  readonly goAway: () => Promise<void>;
  /** Listens again, on the same port. */
  readonly comeBack: () => Promise<void>;
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
  readonly client: Socket;
  readonly upstream: Socket;
  readonly grants: Grants;
  readonly asked: Asked;
  readonly ways: Readonly<Record<Message["way"], Way>>;
  isFrozen: boolean;
  /** A fault is why it ends, or is silent. */
  isBroken: boolean;
  /** Nothing reaches the worker any more; what Lightning had sent is still read, as lost. */
  isOver: boolean;
}

/**
 * Lightning answers what it had received within this time, however busy the machine is, and then
 * its side is closed too: what it grants later is in no reply that anybody sees.
 */
const LAST_ANSWERS_MS = 10_000;

/** A proxy on loopback before the Lightning at this port, which reads what passes and can break it. */
export async function startProxy(port: number): Promise<FaultProxy> {
  const open = new Set<Connection>();
  const grants = followGrants();
  const server = createServer((client) => {
    if (proxy.isAway) client.destroy();
    else begin(proxy, open, grants, client, connect(port, "127.0.0.1"));
  });
  const listen = async (own: number): Promise<void> => {
    server.listen(own, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  const goAway = async (): Promise<void> => {
    proxy.cut();
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  };
  const proxy: FaultProxy = {
    url: `ws://127.0.0.1:${own}/worker`,
    judge: () => undefined,
    isAway: false,
    onPassed: () => {},
    onLost: () => {},
    cut: () => {
      for (const connection of [...open]) breakOff(connection);
    },
    freeze: () => {
      for (const connection of open) freeze(connection);
    },
    connections: () => [...open].filter(({ isFrozen, isOver }) => !isFrozen && !isOver).length,
    blameKill: () => {
      for (const connection of open) blame(connection);
    },
    destroyedGrants: grants.destroyed,
    storyOf: grants.storyOf,
    goAway,
    comeBack: () => listen(own),
    close: async () => {
      await goAway();
      for (const { upstream } of open) upstream.destroy();
    },
  };
  return proxy;
}

function begin(
  proxy: FaultProxy,
  open: Set<Connection>,
  grants: Grants,
  client: Socket,
  upstream: Socket,
): void {
  const connection: Connection = {
    ...{ client, upstream, grants },
    asked: new Map(),
    ways: {
      up: { to: upstream, held: new Map(), swapped: undefined },
      down: { to: client, held: new Map(), swapped: undefined },
    },
    isFrozen: false,
    isBroken: false,
    isOver: false,
  };
  open.add(connection);
  client.on("data", reader(proxy, connection, "up"));
  upstream.on("data", reader(proxy, connection, "down"));
  for (const socket of [client, upstream]) {
    socket.setNoDelay(true);
    // A connection that is reset has ended; why is of no interest here.
    socket.on("error", () => {});
    socket.on("close", () => {
      const side = socket === client ? "the worker's" : "Lightning's";
      if (!connection.isOver) grants.closed(connection, `${side} side closed first`);
      // Neither side of a frozen connection hears of the other's end.
      if (!connection.isFrozen) end(connection);
      if (client.destroyed && upstream.destroyed) open.delete(connection);
    });
  }
}

/** The worker's side is gone at once; Lightning's as soon as it has said what it had to say. */
function end(connection: Connection): void {
  if (connection.isOver) return;
  connection.isOver = true;
  // What was written since the fault may not be read either.
  if (connection.isBroken) connection.grants.broken(connection);
  const { client, upstream, ways } = connection;
  client.destroy();
  for (const way of [ways.up, ways.down]) releaseSwapped(way);
  upstream.end();
  setTimeout(() => upstream.destroy(), LAST_ANSWERS_MS).unref();
}

function breakOff(connection: Connection): void {
  if (connection.isOver) return;
  blame(connection);
  connection.isFrozen = false;
  end(connection);
}

function freeze(connection: Connection): void {
  blame(connection);
  connection.isFrozen = true;
}

function blame(connection: Connection): void {
  connection.isBroken = true;
  connection.grants.broken(connection);
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
    if (isUpgraded) return frames(chunk);
    const before = head.length;
    head += chunk.toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    const passed = end < 0 ? chunk.length : end + 4 - before;
    if (!connection.isFrozen) connection.ways[way].to.write(chunk.subarray(0, passed));
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
  const way = connection.ways[name];
  const message = readMessage(frame, name, connection.asked);
  if (message === undefined) {
    if (isAlive(connection, way)) way.to.write(frame.raw);
    return;
  }
  const { grants } = connection;
  if (name === "up") grants.said(message);
  const lose = (): void => {
    grants.lost(message);
    proxy.onLost(message);
  };
  const pass = (): void => {
    if (isAlive(connection, way)) {
      way.to.write(frame.raw);
      grants.passed(connection, message);
      if (message.isOneOfTwo) grants.lost(message);
      proxy.onPassed(message);
    } else if (connection.isBroken) lose();
    else {
      grants.late(connection, message);
      proxy.onLost(message);
    }
  };
  if (!isAlive(connection, way)) {
    pass();
    return;
  }
  // A message never overtakes another of its own topic.
  if (way.swapped?.message.topic === message.topic) releaseSwapped(way);
  const act = proxy.judge(message);
  // A heartbeat that meets a fault may be why the worker gives the connection up.
  if (act !== undefined && message.topic === "phoenix") blame(connection);
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
  perform(connection, way, message, frame, act, { pass, lose });
}

function isAlive({ isFrozen, isOver }: Connection, { to }: Way): boolean {
  return !isFrozen && !isOver && to.writable;
}

function perform(
  connection: Connection,
  way: Way,
  message: Message,
  { raw }: WireFrame,
  act: Exclude<Act, object> | undefined,
  { pass, lose }: { readonly pass: () => void; readonly lose: () => void },
): void {
  switch (act) {
    case undefined:
      pass();
      releaseSwapped(way);
      return;
    case "twice":
      if (message.way === "up") askTwice(connection.asked, message);
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
      blame(connection);
      way.to.end(() => breakOff(connection));
      return;
    case "cut-inside":
      lose();
      // What comes before the cut has gone through is as lost as what comes after it.
      blame(connection);
      way.to.end(raw.subarray(0, Math.ceil(raw.length / 2)), () => breakOff(connection));
      return;
    case "half-open":
      freeze(connection);
      lose();
      return;
    case "cut-before":
      breakOff(connection);
      lose();
      return;
    case "drop":
      lose();
      return;
  }
}

function releaseSwapped(way: Way): void {
  const { swapped } = way;
  way.swapped = undefined;
  swapped?.pass();
}
