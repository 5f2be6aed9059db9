import type { RunEvent } from "@workloops/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrameReader, encodeFrame, type Frame } from "../../../packages/engine/src/frame.ts";
import { eventOrder } from "../../../packages/engine/src/pool/event-order.ts";
import { readCompiled } from "../../../packages/engine/src/pool/read-compiled.ts";
import { readEvent } from "../../../packages/engine/src/pool/read-event.ts";
import { childMessages, eventShape } from "../../child-messages.ts";
import { expectUnpolluted, hostileTexts, mutationsOf } from "../../hostile-values.ts";
import { each, text } from "../../shape.ts";

/** What the engine makes of a frame: the same readers, in the same order, as during a run. */
function read(frame: Frame): RunEvent | undefined {
  const compiled = readCompiled(frame);
  if (compiled !== undefined) expect(each(text)(compiled)).toBe(true);
  const event = readEvent(frame);
  if (event !== undefined) expect(eventShape(event)).toBe(true);
  return event;
}

describe.each(childMessages)("a child says %s", (_name, { head, body }) => {
  it("and is understood where nothing is wrong", () => {
    const frame = { head: JSON.parse(JSON.stringify(head)), body };
    expect(readEvent(frame) !== undefined || readCompiled(frame) !== undefined).toBe(true);
  });

  it("with something wrong in any field: it is refused, or still what its type says", () => {
    let frames = 0;
    for (const { value } of mutationsOf(head)) {
      const order = eventOrder(new Set(["a"]));
      const event = read({ head: value, body });
      if (event !== undefined) expect(order.accept(event)).toBeTypeOf("boolean");
      frames += 1;
    }
    for (const hostile of Object.values(hostileTexts)) read({ head, body: hostile });
    expect(frames).toBeGreaterThan(40);
    expectUnpolluted();
  });
});

const limits = { maxHeadBytes: 2_000, maxBodyBytes: 2_000 };

/** Everything that the reader gives for these bytes, in chunks of this size. */
function framesOf(bytes: Buffer, size: number): { frames: Frame[]; isBroken: boolean } {
  const reader = createFrameReader(limits);
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    frames.push(...reader.push(bytes.subarray(at, at + size)));
  }
  return { frames, isBroken: reader.isBroken() };
}

describe("the bytes of a pipe", () => {
  const good = encodeFrame({ type: "event" }, "body");

  it("changed in any place give a frame within the limits or none, and never throw", () => {
    for (let place = 0; place < good.length; place += 1) {
      for (const byte of [0, 1, 0x22, 0x5b, 0x7f, 0x80, 0xff]) {
        const bytes = Buffer.from(good);
        bytes[place] = byte;
        for (const { head, body } of framesOf(Buffer.concat([bytes, good]), 7).frames) {
          expect(JSON.stringify(head).length).toBeLessThanOrEqual(limits.maxHeadBytes);
          expect(body.length).toBeLessThanOrEqual(limits.maxBodyBytes);
        }
      }
    }
  });

  it("of any kind are read alike whole and in pieces", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((data) => Buffer.from(data)),
      fc.jsonValue().map((head) => encodeFrame(head, "b")),
      fc.constant(good),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (all, size) => {
          const bytes = Buffer.concat(all);
          expect(framesOf(bytes, size)).toEqual(framesOf(bytes, Math.max(1, bytes.length)));
        },
      ),
      { numRuns: 300 },
    );
    expectUnpolluted();
  });
});
