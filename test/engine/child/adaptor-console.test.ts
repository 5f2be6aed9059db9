import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { adaptorConsole } from "../../../packages/engine/src/child/runtime-logger.ts";

type Sanitize = Parameters<typeof adaptorConsole>[1];

function said(values: unknown[], sanitize: Sanitize = "none"): string[] {
  const lines: string[] = [];
  const console = adaptorConsole(
    (level, message) => lines.push(`${level} ${message.join(" ")}`),
    sanitize,
  );
  console.log?.(...values);
  console.debug?.(...values);
  return lines;
}

describe("adaptor console", () => {
  it.each([
    ["text and values", ["a", { b: 1 }], 'info "a" {"b":1}'],
    ["an error", [new Error("no")], 'info {"name":"Error","message":"no"}'],
    [
      "an error of the job's realm",
      [runInNewContext("new RangeError('far')")],
      'info {"name":"RangeError","message":"far"}',
    ],
    [
      "a state, its credentials masked",
      [{ configuration: { pass: "p" } }],
      'info {"configuration":{"pass":"****"}}',
    ],
  ])("says %s, and nothing at debug", (_name, values, line) => {
    expect(said(values)).toEqual([line]);
  });

  it("keeps to the run's policy", () => {
    expect(said([{ a: 1 }], "summarize")).toEqual(['info "(object with keys a)"']);
  });
});
