/** One WebSocket frame, as it was on the wire. */
export interface WireFrame {
  readonly raw: Buffer;
  /** 1: text, 2: binary; the others are the sockets' own. */
  readonly opcode: number;
  /** Unmasked. */
  readonly payload: Buffer;
}

/** Takes bytes as they come and calls `onFrame` for each frame that is whole. Source: RFC 6455, 5.2. */
export function frameReader(onFrame: (frame: WireFrame) => void): (chunk: Buffer) => void {
  let parts: readonly Buffer[] = [];
  let have = 0;
  let need = 0;
  return (chunk) => {
    parts = [...parts, chunk];
    have += chunk.length;
    // A long frame comes in many chunks, and is put together once.
    if (have < need) return;
    let rest: Buffer = Buffer.concat(parts);
    for (let frame = firstFrame(rest); frame !== undefined; frame = firstFrame(rest)) {
      rest = rest.subarray(frame.raw.length);
      onFrame(frame);
    }
    const head = headOf(rest);
    parts = [rest];
    have = rest.length;
    need = head === undefined ? 0 : head.start + head.length;
  };
}

function firstFrame(bytes: Buffer): WireFrame | undefined {
  const head = headOf(bytes);
  if (head === undefined) return undefined;
  const { start, length, isMasked } = head;
  if (bytes.length < start + length) return undefined;
  const raw = bytes.subarray(0, start + length);
  const payload = Buffer.from(raw.subarray(start));
  if (isMasked) {
    const mask = raw.subarray(start - 4, start);
    for (let at = 0; at < payload.length; at += 1) {
      payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
    }
  }
  return { raw, opcode: (raw[0] ?? 0) & 0x0f, payload };
}

interface Head {
  /** Where the payload begins; a mask stands in the four bytes before it. */
  readonly start: number;
  readonly length: number;
  readonly isMasked: boolean;
}

function headOf(bytes: Buffer): Head | undefined {
  if (bytes.length < 2) return undefined;
  const second = bytes[1] ?? 0;
  const isMasked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const more = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + more + (isMasked ? 4 : 0);
  if (bytes.length < start) return undefined;
  if (more === 0) return { start, length: short, isMasked };
  const length = more === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  return { start, length, isMasked };
}
