/**
 * What crosses the pipe between the engine and a child process: two lengths, a JSON head and
 * a text body. The body carries state as it is, so that a state of many megabytes is neither
 * escaped nor parsed by a process that only hands it on.
 */
export interface Frame {
  readonly head: unknown;
  readonly body: string;
}

export interface FrameLimits {
  readonly maxHeadBytes: number;
  readonly maxBodyBytes: number;
}

const prefixBytes = 8;

/** The bytes of one frame. Throws where the head is not JSON: that is a bug of the caller. */
export function encodeFrame(head: unknown, body = ""): Buffer {
  const headBytes = Buffer.from(JSON.stringify(head));
  const bodyBytes = Buffer.from(body);
  const prefix = Buffer.allocUnsafe(prefixBytes);
  prefix.writeUInt32BE(headBytes.length, 0);
  prefix.writeUInt32BE(bodyBytes.length, 4);
  return Buffer.concat([prefix, headBytes, bodyBytes]);
}

/** Frames out of chunks. */
export interface FrameReader {
  /** The frames that are complete now. */
  push(chunk: Buffer): readonly Frame[];
  /**
   * True where the sender claimed more than the limits or sent a head that is not JSON. What
   * came before it was given; nothing comes after it.
   */
  isBroken(): boolean;
}

export function createFrameReader(limits: FrameLimits): FrameReader {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let wanted = prefixBytes;
  let broken = false;
  return {
    isBroken: () => broken,
    push(chunk) {
      if (broken) return [];
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes < wanted) return [];
      const frames: Frame[] = [];
      let bytes = held.length === 1 ? chunk : Buffer.concat(held);
      wanted = prefixBytes;
      while (bytes.length >= prefixBytes) {
        const headBytes = bytes.readUInt32BE(0);
        const bodyBytes = bytes.readUInt32BE(4);
        broken = headBytes > limits.maxHeadBytes || bodyBytes > limits.maxBodyBytes;
        if (broken) return frames;
        const end = prefixBytes + headBytes + bodyBytes;
        if (bytes.length < end) {
          wanted = end;
          break;
        }
        const head = parseHead(bytes.toString("utf8", prefixBytes, prefixBytes + headBytes));
        broken = head === undefined;
        if (broken) return frames;
        frames.push({ head, body: bytes.toString("utf8", prefixBytes + headBytes, end) });
        bytes = bytes.subarray(end);
      }
      held = bytes.length > 0 ? [bytes] : [];
      heldBytes = bytes.length;
      return frames;
    },
  };
}

function parseHead(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
