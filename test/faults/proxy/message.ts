import type { WireFrame } from "./frame-reader.ts";

/** A Phoenix message on its way through the proxy. Source: protocol page, section 1.2. */
export interface Message {
  /** `up`: from the worker to Lightning. */
  readonly way: "up" | "down";
  readonly ref: string | null;
  readonly topic: string;
  readonly event: string;
  /** For a reply: the event that it answers. */
  readonly replyTo: string | undefined;
  /** For a reply: `ok` or `error`. */
  readonly status: string | undefined;
  /** For a claim and its reply: the queues that are asked for, joined by `>`. */
  readonly chain: string | undefined;
  /** The runs that a claim's reply hands out. */
  readonly granted: readonly string[];
  /** True for each reply to a claim that the proxy sent twice: the worker waits for one of them. */
  readonly isOneOfTwo: boolean;
}

interface Question {
  readonly event: string;
  readonly chain: string | undefined;
  readonly replies: 1 | 2;
}

/** What is not answered yet, by topic and ref. */
export type Asked = Map<string, Question>;

/** The server will answer this twice. */
export function askTwice(asked: Asked, { topic, ref }: Message): void {
  const question = asked.get(`${topic} ${ref}`);
  if (question !== undefined) asked.set(`${topic} ${ref}`, { ...question, replies: 2 });
}

/** What a frame says, or `undefined` for the sockets' own frames and for what is no message. */
export function readMessage(
  { opcode, payload }: WireFrame,
  way: Message["way"],
  asked: Asked,
): Message | undefined {
  if (opcode !== 1 && opcode !== 2) return undefined;
  const parts = opcode === 1 ? readText(payload) : readBinaryReply(payload);
  if (parts === undefined) return undefined;
  const { ref, topic, event, body } = parts;
  const key = `${topic} ${ref}`;
  const chain = event === "claim" ? body?.queues?.join(">") : undefined;
  if (way === "up") asked.set(key, { event, chain, replies: 1 });
  const isReply = way === "down" && event === "phx_reply";
  const answered = isReply ? asked.get(key) : undefined;
  // One that was asked twice stays: each of its two answers is one to it.
  if (answered?.replies === 1) asked.delete(key);
  const replyTo = answered?.event;
  return {
    way,
    ref,
    topic,
    event,
    replyTo,
    status: isReply ? body?.status : undefined,
    chain: way === "up" ? chain : answered?.chain,
    granted: replyTo === "claim" ? runsOf(body) : [],
    isOneOfTwo: answered?.replies === 2,
  };
}

interface Body {
  readonly queues?: readonly string[];
  readonly status?: string;
  readonly response?: { readonly runs?: readonly { readonly id: string }[] };
}

interface Parts {
  readonly ref: string | null;
  readonly topic: string;
  readonly event: string;
  readonly body: Body | undefined;
}

function readText(payload: Buffer): Parts {
  const [, ref, topic, event, body] = JSON.parse(payload.toString("utf8")) as [
    string | null,
    string | null,
    string,
    string,
    Body,
  ];
  return { ref, topic, event, body };
}

/** Kind 1: the lengths of join ref, ref, topic and status, then these, then the data. */
function readBinaryReply(payload: Buffer): Parts | undefined {
  if (payload[0] !== 1) return undefined;
  const texts: string[] = [];
  let at = 5;
  for (const length of payload.subarray(1, 5)) {
    texts.push(payload.toString("utf8", at, at + length));
    at += length;
  }
  const [, ref = "", topic = "", status = ""] = texts;
  return { ref, topic, event: "phx_reply", body: { status } };
}

function runsOf(body: Body | undefined): readonly string[] {
  return (body?.response?.runs ?? []).map(({ id }) => id);
}
