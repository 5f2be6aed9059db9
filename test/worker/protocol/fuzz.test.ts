import { decodeFrame, encodeFrame, type Frame } from "@workloops/worker/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectUnpolluted, hostileTexts, mutationsOf } from "../../hostile-values.ts";
import { fullPlan, SECRET, wireMessages } from "../../wire-messages.ts";

/** A sentence of a reader is one short line for people, without what it was made of. */
function expectCalm(said: unknown): void {
  const problem = (said as { problem?: string }).problem ?? "";
  expect(problem.length).toBeLessThan(600);
  expect(problem).not.toContain(SECRET);
}

describe.each(wireMessages)("$name", ({ name, message, read, promises }) => {
  test("with something wrong in any field: it is refused, or still what its type says", () => {
    for (const { where, value } of mutationsOf(message)) {
      const said = read(value);
      if (!promises(said)) throw new Error(`${name}, ${where}: ${JSON.stringify(said)}`);
      expectCalm(said);
    }
    expectUnpolluted();
  });

  test("with anything in any of its fields, several at once", () => {
    const keys = [...Object.keys(message as object), "__proto__", "constructor", "toString"];
    const record = fc.dictionary(fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), fc.anything()));
    fc.assert(
      fc.property(fc.oneof(record, fc.anything()), (value) => {
        const said = read(value);
        expect(promises(said)).toBe(true);
        expectCalm(said);
      }),
      { numRuns: 200 },
    );
    expectUnpolluted();
  });
});

const reply: Frame = {
  joinRef: "1",
  ref: "2",
  topic: "run:a",
  event: "phx_reply",
  payload: { status: "ok", response: fullPlan },
};
const isFrame = ({ joinRef, ref, topic, event }: Frame): boolean =>
  [joinRef, ref].every((one) => one === null || typeof one === "string") &&
  typeof topic === "string" &&
  typeof event === "string";

describe("a frame", () => {
  test("of text, with something wrong in any part: it is refused, or a frame", () => {
    for (const { text } of mutationsOf(JSON.parse(encodeFrame(reply, "server") as string))) {
      const read = decodeFrame(text, "server");
      expect(read.ok ? isFrame(read.value) : read.problem.startsWith("frame: ")).toBe(true);
      expectCalm(read);
      // What was let through can be sent on: nothing in it is too deep for that.
      if (read.ok) expect(JSON.stringify(read.value)).toBeTypeOf("string");
    }
    expectUnpolluted();
  });

  test("of text, cut anywhere or with any character in another's place", () => {
    const text = encodeFrame({ ...reply, payload: { a: [1, "x"] } }, "server") as string;
    for (let at = 0; at <= text.length; at += 1) {
      expect(decodeFrame(text.slice(0, at), "server").ok).toBe(at === text.length);
      for (const other of ['"', "[", "{", "\\", "\u0000", "\ud800", "9"]) {
        expect(
          decodeFrame(text.slice(0, at) + other + text.slice(at + 1), "server"),
        ).toHaveProperty("ok");
      }
    }
  });

  test("of bytes, cut anywhere or with any byte changed", () => {
    const payload = { status: "ok", response: new Uint8Array([123, 125]) };
    const bytes = encodeFrame({ ...reply, payload }, "server") as Uint8Array;
    for (let at = 0; at < bytes.length; at += 1) {
      for (let byte = 0; byte < 256; byte += 1) {
        const changed = Uint8Array.from(bytes);
        changed[at] = byte;
        const read = decodeFrame(changed, "server");
        expect(read.ok ? isFrame(read.value) : read.problem.startsWith("binary frame: ")).toBe(
          true,
        );
      }
      expect(decodeFrame(bytes.subarray(0, at), "server")).toHaveProperty("ok");
    }
    expectUnpolluted();
  });

  test("nested without end is refused, before anything is done with it", () => {
    const deep = hostileTexts["lists in lists without end"];
    expect(decodeFrame(`["1","2","run:a","phx_reply",{"response":${deep}}]`, "server")).toEqual({
      ok: false,
      problem: "frame: nested more than 500 levels deep",
    });
  });
});
