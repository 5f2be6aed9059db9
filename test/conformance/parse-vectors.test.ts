import { readFileSync } from "node:fs";
import { type Code, parse, plan } from "@workloops/parser";
import { describe, expect, test } from "vitest";

interface Vector {
  readonly group: string;
  readonly input: string;
  readonly accepts: boolean;
  readonly groups?: readonly { readonly queues: readonly string[]; readonly capacity: number }[];
  readonly warns?: readonly string[];
  readonly refusedFor?: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL("./parse-vectors.json", import.meta.url), "utf8"),
);

/** The faults that the incumbent names, in our codes; the others have the same name. */
const codes: Readonly<Record<string, Code>> = {
  "missing-capacity": "capacity-missing",
  "capacity-not-integer": "capacity-invalid",
  "capacity-below-one": "capacity-invalid",
};

/** Where we differ on purpose: the reason, and the code of our first error. */
function difference({ input, accepts, groups = [] }: Vector): Code | undefined {
  if (accepts) {
    if (/[^\S \t\r\n]/.test(input)) return "white-space-invalid";
    if (groups.some(({ capacity }) => capacity > 10_000)) return "capacity-invalid";
    if (groups.some(({ queues }) => queues.some((name) => name.length > 64))) {
      return "queue-name-invalid";
    }
  }
  if (input === "a,b:1") return "legacy-comma";
  if (input === "*:5 # comment") return "text-unexpected";
  return undefined;
}

function errorsOf(input: string): readonly Code[] {
  return parse(input)
    .diagnostics.filter(({ severity }) => severity === "error")
    .map(({ code }) => code);
}

describe("parse agrees with the incumbent's verdicts", () => {
  for (const vector of vectors) {
    const { group, input, accepts } = vector;
    const ours = difference(vector);
    const name = `${group}: ${JSON.stringify(input)}`;
    if (ours !== undefined) {
      test(`${name} differs on purpose: ${ours}`, () => {
        expect(errorsOf(input)[0]).toBe(ours);
      });
    } else if (accepts) {
      test(`${name} is accepted`, () => {
        const { tree, diagnostics } = parse(input);
        const told = diagnostics.filter(({ severity }) => severity !== "hint");
        expect(told.map(({ code }) => code)).toEqual(vector.warns ?? []);
        expect(plan(tree).groups.map(({ queues, capacity }) => ({ queues, capacity }))).toEqual(
          vector.groups,
        );
      });
    } else {
      const refused = vector.refusedFor ?? "";
      test(`${name} is refused for ${refused}`, () => {
        expect(errorsOf(input)[0]).toBe(codes[refused] ?? refused);
      });
    }
  }
});
