import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFrameReader, encodeFrame } from "../../packages/engine/src/frame.ts";

const limits = { maxHeadBytes: 1000, maxBodyBytes: 1000 };

describe("frame", () => {
  it("comes out as it went in, however it was cut", () => {
    const frame = fc.record({
      head: fc.jsonValue({ maxDepth: 2 }),
      body: fc.string({ unit: "grapheme", maxLength: 40 }),
    });
    fc.assert(
      fc.property(
        fc.array(frame, { maxLength: 5 }),
        fc.integer({ min: 1, max: 30 }),
        (frames, size) => {
          const sent = frames.map(({ head, body }) => ({
            head: JSON.parse(JSON.stringify(head)),
            body,
          }));
          const bytes = Buffer.concat(sent.map(({ head, body }) => encodeFrame(head, body)));
          const reader = createFrameReader({ maxHeadBytes: 10_000, maxBodyBytes: 10_000 });
          const received = [];
          for (let at = 0; at < bytes.length; at += size) {
            received.push(...reader.push(bytes.subarray(at, at + size)));
          }
          expect(received).toEqual(sent);
        },
      ),
      { numRuns: 200 },
    );
  });

  const hostile = encodeFrame({});
  hostile.write("[", 8);
  it.each([
    ["a head over its limit, before it has come", encodeFrame("x".repeat(1001)).subarray(0, 8)],
    ["a body over its limit, before it has come", encodeFrame(1, "x".repeat(1001)).subarray(0, 8)],
    ["a head that is not JSON", hostile],
  ])("ends at %s, and gives what came before", (_name, bytes) => {
    const reader = createFrameReader(limits);
    const before = { head: 1, body: "good" };
    expect(reader.push(Buffer.concat([encodeFrame(1, "good"), bytes]))).toEqual([before]);
    expect(reader.isBroken()).toBe(true);
    expect(reader.push(encodeFrame(1, "good"))).toEqual([]);
  });
});
