import type { Frame, Side } from "./frame.ts";
import { bad, good, isRecord, type Read } from "./read.ts";

const PUSH = 0;
const REPLY = 1;
const BROADCAST = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The binary form, or `undefined` where the payload holds no bytes. */
export function encodeBinaryFrame(frame: Frame, side: Side): Uint8Array | undefined {
  const { payload } = frame;
  if (payload instanceof Uint8Array) {
    if (side === "client") {
      return pack(PUSH, [frame.joinRef, frame.ref, frame.topic, frame.event], payload);
    }
    return frame.joinRef === null
      ? pack(BROADCAST, [frame.topic, frame.event], payload)
      : pack(PUSH, [frame.joinRef, frame.topic, frame.event], payload);
  }
  if (frame.event === "phx_reply" && isRecord(payload)) {
    const { status, response } = payload;
    if (typeof status === "string" && response instanceof Uint8Array) {
      return pack(REPLY, [frame.joinRef, frame.ref, frame.topic, status], response);
    }
  }
  return undefined;
}

/** @throws RangeError where a name is over 255 bytes: its length has one byte on the wire. */
function pack(kind: number, names: readonly (string | null)[], data: Uint8Array): Uint8Array {
  const encoded = names.map((name) => encoder.encode(name ?? ""));
  const size = encoded.reduce((sum, name) => sum + name.length, 1 + encoded.length);
  const frame = new Uint8Array(size + data.length);
  frame[0] = kind;
  let offset = 1 + encoded.length;
  encoded.forEach((name, index) => {
    if (name.length > 255) throw new RangeError("a name in a binary frame is over 255 bytes");
    frame[1 + index] = name.length;
    frame.set(name, offset);
    offset += name.length;
  });
  frame.set(data, size);
  return frame;
}

/** The names before the data: how many there are depends on the kind and on who sent it. */
export function decodeBinaryFrame(bytes: Uint8Array, from: Side): Read<Frame> {
  const kind = bytes[0];
  if (kind === REPLY) {
    return unpack(bytes, 4, ([joinRef, ref, topic, status], response) => ({
      joinRef: joinRef || null,
      ref: ref || null,
      topic: topic ?? "",
      event: "phx_reply",
      payload: { status, response },
    }));
  }
  if (kind === PUSH && from === "client") {
    return unpack(bytes, 4, ([joinRef, ref, topic, event], payload) => ({
      joinRef: joinRef || null,
      ref: ref || null,
      topic: topic ?? "",
      event: event ?? "",
      payload,
    }));
  }
  if (kind === PUSH) {
    return unpack(bytes, 3, ([joinRef, topic, event], payload) => ({
      joinRef: joinRef || null,
      ref: null,
      topic: topic ?? "",
      event: event ?? "",
      payload,
    }));
  }
  if (kind === BROADCAST) {
    return unpack(bytes, 2, ([topic, event], payload) => ({
      joinRef: null,
      ref: null,
      topic: topic ?? "",
      event: event ?? "",
      payload,
    }));
  }
  return bad(`binary frame: unknown kind ${kind ?? "(empty)"}`);
}

function unpack(
  bytes: Uint8Array,
  count: number,
  build: (names: readonly string[], data: Uint8Array) => Frame,
): Read<Frame> {
  const names: string[] = [];
  let offset = 1 + count;
  for (let index = 0; index < count; index += 1) {
    const length = bytes[1 + index];
    if (length === undefined || offset + length > bytes.length) {
      return bad("binary frame: cut short");
    }
    try {
      names.push(decoder.decode(bytes.subarray(offset, offset + length)));
    } catch {
      return bad("binary frame: a name is not UTF-8");
    }
    offset += length;
  }
  return good(build(names, bytes.subarray(offset)));
}
