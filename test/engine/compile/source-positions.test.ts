import { describe, expect, it } from "vitest";
import { compileJob } from "../../../packages/engine/src/compile/compile-job.ts";
import { lineStarts, sourceOffset } from "../../../packages/engine/src/compile/source-positions.ts";

/** Looks up the place of `mark` in compiled code, and shows the source from there. */
function backTo(source: string, mark: string): string | undefined {
  const result = compileJob(source, [{ specifier: "@openfn/language-common", names: ["fn"] }]);
  if ("problem" in result) throw new Error(result.problem.message);
  const at = result.code.indexOf(mark);
  const { positions } = result;
  const line = positions.lineStarts.findLastIndex((start) => start <= at);
  const offset = sourceOffset(positions, line + 1, at - (positions.lineStarts[line] ?? 0));
  return offset === undefined ? undefined : source.slice(offset, offset + 6);
}

describe("source positions", () => {
  it.each([
    ["in the first operation", "fn(first); fn(second);", "first)", "first)"],
    ["in a moved operation", "fn(first); fn(second);", "second", "second"],
    ["after a rewritten `$`", "fn($.aaa + bbb_bb)", "bbb_bb", "bbb_bb"],
    ["of the state itself", "fn($.aaaaa)", "state.aaaaa", "$.aaaa"],
    ["in a chain", "fn(1).then(second)", "second", "second"],
    ["in a moved handler", "fn(1).catch(first_).then(second)", "first_", "first_"],
    ["behind CR alone", "const a = 1;\rfn(second)", "second", "second"],
    ["behind U+2028", 'const a = "\u2028"; fn(second)', "second", "second"],
    ["behind CRLF", "const a = 1;\r\nfn(second)", "second", "second"],
  ])("%s", (_name, source, mark, expected) => {
    expect(backTo(source, mark)).toBe(expected);
  });

  it("text of ours before everything has no place", () => {
    expect(backTo("fn(1)", "import {")).toBeUndefined();
  });

  it("lines end as in JavaScript", () => {
    expect(lineStarts("a\nb\r\nc\rd\u2028e")).toEqual([0, 2, 5, 7, 9]);
  });
});
