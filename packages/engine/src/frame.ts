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

/**
 * Frames out of chunks. `push` gives the frames that are complete, or `"broken"` where the
 * sender claims more than the limits or sends a head that is not JSON; after that the stream
 * cannot be read on.
 */
export function createFrameReader(limits: FrameLimits): {
  push(chunk: Buffer): readonly Frame[] | "broken";
} {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let wanted = prefixBytes;
  return {
    push(chunk) {
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes < wanted) return [];
      const frames: Frame[] = [];
      let bytes = held.length === 1 ? chunk : Buffer.concat(held);
      wanted = prefixBytes;
      while (bytes.length >= prefixBytes) {
        const headBytes = bytes.readUInt32BE(0);
        const bodyBytes = bytes.readUInt32BE(4);
        if (headBytes > limits.maxHeadBytes || bodyBytes > limits.maxBodyBytes) return "broken";
        const end = prefixBytes + headBytes + bodyBytes;
        if (bytes.length < end) {
          wanted = end;
          break;
        }
        const head = parseHead(bytes.toString("utf8", prefixBytes, prefixBytes + headBytes));
        if (head === undefined) return "broken";
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
