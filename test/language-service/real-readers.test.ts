import { spawnSync } from "node:child_process";
import { parseEnv } from "node:util";
import { openDocument } from "@workloops/language-service";
import fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readEnvFile } from "../../packages/language-service/src/hosts/dotenv.ts";
import { fileOrigin } from "../../packages/language-service/src/region.ts";
import { placedValue } from "./places.ts";

const chars = ["a", ">", "*", ":", " ", "1", '"', "'", "\\"];
const seed = { seed: 7, numRuns: 300 };

/** Words as sources write them: pieces in each kind of quotes, side by side. */
const shellWord = fc
  .array(
    fc.oneof(
      fc.constantFrom("a", "b:1", "\\>", "\\*", "\\ ", "_", "1", "\\\\"),
      fc
        .array(fc.constantFrom("a", ">", "*", " ", '"', "\\"), { maxLength: 4 })
        .map((list) => `'${list.join("")}'`),
      fc
        .array(fc.constantFrom("a", ">", "*", " ", "'", "\\\\", '\\"', "\\$", "\\a"), {
          maxLength: 4,
        })
        .map((list) => `"${list.join("")}"`),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) => list.join(""));

describe("what is read is what the real reader gives the process", () => {
  it("sh", () => {
    const words = fc.sample(shellWord, seed);
    const script = words
      .map((word) => `WORKER_WORKLOOPS=${word}; printf '%s\\0' "$WORKER_WORKLOOPS"`)
      .join("\n");
    const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    const real = stdout.split("\0").slice(0, -1);
    const ours = words.map(
      (word) => placedValue({ path: "a.sh", text: `WORKER_WORKLOOPS=${word}\n` })?.text,
    );
    expect(ours.map((text, i) => [words[i], text])).toEqual(
      real.map((text, i) => [words[i], text]),
    );
  });

  it("a flag's word, by sh", () => {
    const words = fc.sample(shellWord, seed);
    const script = words
      .map((word) => `set -- --workloops ${word}; printf '%s\\0' "$2"`)
      .join("\n");
    const { stdout } = spawnSync("sh", ["-fc", script], { encoding: "utf8" });
    const real = stdout.split("\0").slice(0, -1);
    const ours = words.map(
      (word) => placedValue({ path: "a.sh", text: `x --workloops ${word}\n` })?.text,
    );
    expect(ours.map((text, i) => [words[i], text])).toEqual(
      real.map((text, i) => [words[i], text]),
    );
  });

  it("another YAML library", () => {
    const scalar = fc.oneof(
      fc
        .array(fc.constantFrom(...chars, "é", "\\u0041", "\\n", "\\x20"), { maxLength: 6 })
        .map((list) => `"${list.join("")}"`),
      fc
        .array(fc.constantFrom(...chars, "''"), { maxLength: 6 })
        .map((list) => `'${list.join("")}'`),
      fc
        .array(fc.constantFrom("a", "b:1", ">", "*", "_", " ", "#"), { maxLength: 8 })
        .map((list) => `x${list.join("")}`),
      fc
        .tuple(
          fc.constantFrom("|", ">", "|-", ">-", "|+", ">+"),
          fc.array(fc.constantFrom("a:1", "b>*:4", "", " more", "c "), {
            minLength: 1,
            maxLength: 5,
          }),
        )
        .map(
          ([header, lines]) =>
            `${header}\n    first\n${lines.map((line) => (line === "" ? "" : `    ${line}`)).join("\n")}`,
        ),
      fc
        .array(fc.constantFrom("a:1", "b>*:4", "c"), { minLength: 1, maxLength: 4 })
        .map((lines) => lines.join("\n    ")),
    );
    let compared = 0;
    for (const written of fc.sample(scalar, { ...seed, numRuns: 600 })) {
      const text = `env:\n  WORKER_WORKLOOPS: ${written}\n`;
      let real: unknown;
      try {
        real = (load(text) as { env: Record<string, unknown> }).env["WORKER_WORKLOOPS"];
      } catch {
        // Only texts that are YAML for both are compared.
        continue;
      }
      if (typeof real !== "string") continue;
      compared += 1;
      expect([written, placedValue({ path: "values.yaml", text })?.text]).toEqual([written, real]);
    }
    expect(compared).toBeGreaterThan(300);
  });

  it("util.parseEnv, where it and compose agree", () => {
    const line = fc.oneof(
      fc
        .array(fc.constantFrom("a", ">", "*", ":", " ", "1"), { maxLength: 8 })
        .map((list) => list.join("")),
      fc
        .array(fc.constantFrom("a", ">", "*", " ", "'", "#"), { maxLength: 8 })
        .map((list) => `"${list.join("")}"`),
      fc
        .array(fc.constantFrom("a", ">", "*", " ", '"', "#"), { maxLength: 8 })
        .map((list) => `'${list.join("")}'`),
    );
    // Node 24 takes the next line for the value of a blank one, and Node 20 does not.
    const lines = fc.sample(line, seed).filter((written) => written.trim() !== "");
    for (const written of lines) {
      const text = `A=1\nexport WORKER_WORKLOOPS=${written}\nB=2\n`;
      expect([written, placedValue({ path: ".env", text })?.text]).toEqual([
        written,
        parseEnv(text)["WORKER_WORKLOOPS"],
      ]);
    }
  });
});

/** What the documentation of a reader says that it makes of a line; undefined is a variable that is passed through. */
type Fact = readonly [line: string, name: string, receives: string | undefined];

const docker: readonly Fact[] = [
  ["A=b", "A", "b"],
  ["A=", "A", ""],
  ["A", "A", undefined],
  ['A="b c"', "A", '"b c"'],
  ["A='b c'", "A", "'b c'"],
  ["A=b # c", "A", "b # c"],
  ["A=#b", "A", "#b"],
  ["A= b ", "A", " b "],
  ["A=b=c", "A", "b=c"],
  ["A=$B ${C:-d} $$", "A", "$B ${C:-d} $$"],
  ["A=b\\nc", "A", "b\\nc"],
  ["  A=b", "A", "b"],
  ["#A=b", "A", undefined],
  ["\ufeffA=b", "A", "b"],
  ["A=b\r", "A", "b"],
];

const systemd: readonly Fact[] = [
  ["A=b", "A", "b"],
  ['A="b c"', "A", "b c"],
  ["A='b c'", "A", "b c"],
  ["A=b # c", "A", "b # c"],
  ["A= b  ", "A", "b"],
  ["A=$B ${C}", "A", "$B ${C}"],
  ["# A=b", "A", undefined],
  ["; A=b", "A", undefined],
];

describe.each([
  ["docker", docker],
  ["systemd", systemd],
] as const)("an env file as %s reads it", (dialect, facts) => {
  it.each(facts)("%j", (line, name, receives) => {
    const { given } = readEnvFile(fileOrigin("w.env", `${line}\n`), dialect);
    expect(given.find((one) => one.name === name)?.value?.text).toBe(receives);
  });
});

describe("docker's env files", () => {
  it("keep their quotes, where docker reads them", () => {
    const script = openDocument(
      "run.sh",
      "docker run --env-file worker.env openfn/ws-worker:v1.25.0\n",
    );
    expect(script.processes[0]?.links).toEqual([
      { kind: "env-file", path: "worker.env", span: { start: 22, end: 32 }, dialect: "docker" },
    ]);
  });
});
