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
            const some = reader.push(bytes.subarray(at, at + size));
            if (some === "broken") throw new Error("broken");
            received.push(...some);
          }
          expect(received).toEqual(sent);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ["a head", encodeFrame("x".repeat(1001))],
    ["a body", encodeFrame(1, "x".repeat(1001))],
  ])("%s over its limit is refused before it has come", (_name, bytes) => {
    expect(createFrameReader(limits).push(bytes.subarray(0, 8))).toBe("broken");
  });

  it("a head that is not JSON is refused", () => {
    const bytes = encodeFrame({});
    bytes.write("[", 8);
    expect(createFrameReader(limits).push(bytes)).toBe("broken");
  });
});
