import { decodeFrame, encodeFrame, type Frame, type Side } from "@workloops/worker/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const bytes = new Uint8Array([123, 125]);

const frames: readonly (readonly [string, Side, Frame])[] = [
  [
    "a push",
    "client",
    { joinRef: "1", ref: "2", topic: "worker:queue", event: "claim", payload: { demand: 1 } },
  ],
  [
    "a heartbeat",
    "client",
    { joinRef: null, ref: "9", topic: "phoenix", event: "heartbeat", payload: {} },
  ],
  [
    "a push from the server",
    "server",
    { joinRef: "1", ref: null, topic: "worker:queue", event: "work-available", payload: {} },
  ],
  [
    "a binary push",
    "client",
    { joinRef: "1", ref: "2", topic: "run:a", event: "x", payload: bytes },
  ],
  [
    "a binary reply",
    "server",
    {
      joinRef: "1",
      ref: "2",
      topic: "run:ä",
      event: "phx_reply",
      payload: { status: "ok", response: bytes },
    },
  ],
  [
    "a binary push from the server",
    "server",
    { joinRef: "1", ref: null, topic: "run:a", event: "x", payload: bytes },
  ],
  [
    "a binary broadcast",
    "server",
    { joinRef: null, ref: null, topic: "run:a", event: "x", payload: bytes },
  ],
];

describe("a frame", () => {
  test.each(frames)("%s is read as it was written", (_name, side, frame) => {
    expect(decodeFrame(encodeFrame(frame, side), side)).toEqual({ ok: true, value: frame });
  });

  test("the lengths of a binary reply stand before its names", () => {
    const frame = encodeFrame(
      {
        joinRef: "10",
        ref: "7",
        topic: "run:a",
        event: "phx_reply",
        payload: { status: "ok", response: bytes },
      },
      "server",
    );
    expect([...(frame as Uint8Array)]).toEqual([
      1,
      2,
      1,
      5,
      2,
      ...new TextEncoder().encode("107run:aok"),
      123,
      125,
    ]);
  });

  test("a topic over 255 bytes cannot be binary", () => {
    const frame = { joinRef: "1", ref: "2", topic: "x".repeat(256), event: "x", payload: bytes };
    expect(() => encodeFrame(frame, "client")).toThrow(RangeError);
  });

  test.each([
    ["{", "frame: not JSON"],
    ["{}", "frame: not an array"],
    ["[1,2]", "frame: has 2 parts instead of 5"],
    ['[1,"1","t","e",{}]', "frame: join_ref is neither a string nor null"],
    ['[null,1,"t","e",{}]', "frame: ref is neither a string nor null"],
    ["[null,null,7,null,{}]", "frame: topic is not a string"],
    ['[null,null,"t",null,{}]', "frame: event is not a string"],
  ])("%s is refused", (message, problem) => {
    expect(decodeFrame(message, "server")).toEqual({ ok: false, problem });
  });

  test("no bytes make the reader throw, and none are invented", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom("client", "server"),
        (data, side) => {
          const read = decodeFrame(data, side as Side);
          if (read.ok) expect(read.value.topic.length).toBeLessThanOrEqual(data.length);
          else expect(read.problem).toMatch(/^binary frame: /);
        },
      ),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(decodeFrame(text, "server")).toHaveProperty("ok");
      }),
    );
  });
});
