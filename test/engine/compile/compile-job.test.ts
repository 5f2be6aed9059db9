import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileJob } from "../../../packages/engine/src/compile/compile-job.ts";

const fragments = [
  "fn",
  "$",
  "state",
  ".a",
  "(",
  ")",
  "=>",
  "{",
  "}",
  "[",
  "]",
  ";",
  ",",
  ".then(",
  ".catch(",
  "`",
  "${",
  "export default ",
  "import x from 'y'",
  "const ",
  "function f",
  "class A ",
  "#x",
  "...",
  "await ",
  "// x\n",
  "/*",
  "*/",
  "1",
  "'",
  "\n",
  " ",
  "\u2028",
  "?.",
];

describe("compile job", () => {
  it("never throws, whatever the source", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.array(fc.constantFrom(...fragments), { maxLength: 25 }).map((parts) => parts.join("")),
    );
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(text, (source) => {
        const result = compileJob(source, [
          { specifier: "@openfn/language-common", names: ["fn"] },
        ]);
        outcomes.add("problem" in result ? "problem" : "code");
      }),
      { numRuns: 3000 },
    );
    expect([...outcomes].sort()).toEqual(["code", "problem"]);
  });

  it("gives code of a job without the special forms that does what the source does", async () => {
    const name = fc.constantFrom("a", "b", "c");
    const value = fc.oneof(fc.integer().map(String), name, fc.constant("[1, 2].map((x) => x + 1)"));
    const statement = fc.oneof(
      fc.tuple(name, value).map(([n, v]) => `${n} = ${v};`),
      fc.tuple(name, value).map(([n, v]) => `if (${n}) { ${n} = [${v}, "x"]; }`),
      fc.tuple(name, value).map(([n, v]) => `for (const i of [1, 2]) ${n} = \`\${${v}}\${i}\``),
      fc.tuple(name, value).map(([n, v]) => `{ const f = (x) => { return x; }; ${n} = f(${v}) }`),
      name.map((n) => `try { ${n}.x.y } catch { ${n} = "caught" }`),
    );
    const jobs = fc.array(statement, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(jobs, async (statements) => {
        const body = `let a = 1, b = "b", c;\n${statements.join("\n")}`;
        const result = compileJob(`${body}\nexport const told = [a, b, c];`, []);
        if ("problem" in result) throw new Error(result.problem.message);
        const module = (await import(
          `data:text/javascript,${encodeURIComponent(result.code)}`
        )) as { told: unknown; default: unknown };
        const plain = new Function(`${body}\nreturn [a, b, c];`)() as unknown;
        expect(module.told).toEqual(plain);
        expect(module.default).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it("leaves untouched text as it is", () => {
    const source = "const  odd =  1 ;\r\n\tfunction f( ){}\t\r\n\r\n";
    expect(compileJob(source, [])).toMatchObject({ code: `${source}\nexport default [];\n` });
  });
});
