import type { WireFrame } from "./frame-reader.ts";

/** A Phoenix message on its way through the proxy. Source: protocol page, section 1.2. */
export interface Message {
  /** `up`: from the worker to Lightning. */
  readonly way: "up" | "down";
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
}

interface Question {
  readonly event: string;
  readonly chain: string | undefined;
}

/** What is not answered yet, by topic and ref. */
export type Asked = Map<string, Question>;

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
  const question = { event, chain: event === "claim" ? body?.queues?.join(">") : undefined };
  if (way === "up") asked.set(key, question);
  const isReply = way === "down" && event === "phx_reply";
  const answered = isReply ? asked.get(key) : undefined;
  if (isReply) asked.delete(key);
  const replyTo = answered?.event;
  return {
    way,
    topic,
    event,
    replyTo,
    status: isReply ? body?.status : undefined,
    chain: way === "up" ? question.chain : answered?.chain,
    granted: replyTo === "claim" ? runsOf(body) : [],
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
