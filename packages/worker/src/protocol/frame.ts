import { decodeBinaryFrame, encodeBinaryFrame } from "./binary-frame.ts";
import { isTooDeep, MAX_NESTING_LEVELS } from "./nesting.ts";
import { bad, good, type Read } from "./read.ts";

/**
 * One message of Phoenix's serializer v2. Source: lightning-protocol 1.2.
 *
 * The payload is JSON, or bytes: a binary push or broadcast carries them as its payload,
 * a binary reply as the `response` of `{ status, response }`.
 */
export interface Frame {
  readonly joinRef: string | null;
  readonly ref: string | null;
  readonly topic: string;
  readonly event: string;
  readonly payload: unknown;
}

/** Which side of the socket encodes: pushes have a ref from the client and none from the server. */
export type Side = "client" | "server";

/** The largest frame that Lightning takes; a larger one closes the socket with every channel on it. */
export const MAX_FRAME_BYTES = 11_000_000;

export function encodeFrame(frame: Frame, side: Side): string | Uint8Array {
  return (
    encodeBinaryFrame(frame, side) ??
    JSON.stringify([frame.joinRef, frame.ref, frame.topic, frame.event, frame.payload])
  );
}

/** Unknown bytes or text -> a frame, or what is wrong with it. Never throws. */
export function decodeFrame(message: string | Uint8Array, from: Side): Read<Frame> {
  if (typeof message !== "string") return decodeBinaryFrame(message, from);
  let parts: unknown;
  try {
    parts = JSON.parse(message);
  } catch {
    return bad("frame: not JSON");
  }
  if (!Array.isArray(parts)) return bad("frame: not an array");
  if (parts.length !== 5) return bad(`frame: has ${parts.length} parts instead of 5`);
  const [joinRef, ref, topic, event, payload] = parts as readonly unknown[];
  if (!isRef(joinRef)) return bad("frame: join_ref is neither a string nor null");
  if (!isRef(ref)) return bad("frame: ref is neither a string nor null");
  if (typeof topic !== "string") return bad("frame: topic is not a string");
  if (typeof event !== "string") return bad("frame: event is not a string");
  // What the server says is written again: into logs, for a child, back to it.
  if (from === "server" && isTooDeep(payload))
    return bad(`frame: nested more than ${MAX_NESTING_LEVELS} levels deep`);
  return good({ joinRef, ref, topic, event, payload });
}

function isRef(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}
