import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  type JobConsoleOptions,
  jobConsole,
} from "../../../packages/engine/src/child/job-console.ts";

/** What a job says that gets this console, as `level message`. */
function said(code: string, options: Partial<JobConsoleOptions> = {}): string[] {
  const lines: string[] = [];
  const console = jobConsole((level, message) => lines.push(`${level} ${message.join(" ")}`), {
    level: "debug",
    sanitize: "none",
    ...options,
  });
  runInContext(code, createContext({ console }));
  return lines;
}

describe("job console", () => {
  it.each([
    ['console.log("a", 1, { b: [2] })', ['info "a" 1 {"b":[2]}']],
    ["console.log(undefined, () => 1, Symbol('q'))", ["info null null null"]],
    ["console.log()", []],
    ["console.log(null)", []],
    ["console.log(null, null)", ["info null null"]],
    ["console.log(10n, { n: 5n })", ['info "10" {"n":"5"}']],
    ["const a = { n: 1 }; a.me = a; console.log(a)", ['info {"n":1,"me":"[Circular]"}']],
    ["const b = {}; console.log([b, b])", ["info [{},{}]"]],
    ['console.error(new Error("x"))', ['error {"name":"Error","message":"x"}']],
    ["console.log({ get a() { throw new Error('no'); } })", ['info "[cannot be logged: no]"']],
    ["console.log({ toJSON() { throw 1; } })", ['info "[cannot be logged: 1]"']],
  ])("%s", (code, lines) => {
    expect(said(code)).toEqual(lines);
  });

  it.each([
    [
      "{ configuration: { user: 'u', pass: 'p' }, data: 1 }",
      '{"configuration":{"user":"****","pass":"****"},"data":1}',
    ],
    ["{ configuration: 'ab' }", '{"configuration":{"0":"****","1":"****"}}'],
    ["{ configuration: null }", '{"configuration":null}'],
  ])("masks the credentials of %s", (value, expected) => {
    expect(said(`console.log(${value})`)).toEqual([`info ${expected}`]);
  });

  it("has these methods only", () => {
    expect(said("for (const m of Object.keys(console)) console[m](m)")).toEqual(
      [
        "info log",
        "info info",
        "debug debug",
        "warn warn",
        "error error",
        "success success",
        "always always",
      ].map((line) => line.replace(/ (.*)/, ' "$1"')),
    );
  });

  it.each([
    ["debug", 7],
    ["info", 6],
    ["warn", 4],
    ["error", 1],
    ["none", 1],
  ] as const)("at level %s passes %i of the seven", (level, count) => {
    expect(said("for (const m of Object.keys(console)) console[m](m)", { level })).toHaveLength(
      count,
    );
  });

  const all = "console.log('text', 1, [1, 2], [], { b: 1, a: 2 }, {}, new Error('e'))";
  const error = '{"name":"Error","message":"e"}';
  it.each([
    ["none", `"text" 1 [1,2] [] {"b":1,"a":2} {} ${error}`],
    ["remove", `"text" 1 null null null null ${error}`],
    ["obfuscate", `"text" 1 "[array]" "[array]" "[object]" "[object]" ${error}`],
    [
      "summarize",
      `"text" 1 "(array with 2 items)" "(empty array)" "(object with keys a, b)" "(empty object)" ${error}`,
    ],
  ] as const)("with sanitize %s", (sanitize, expected) => {
    expect(said(all, { sanitize })).toEqual([`info ${expected}`]);
  });
});
