import { automaton, classOf, ebnf, isAccepting, jsonSchemaPattern, step } from "@workloops/parser";
import { describe, expect, test } from "vitest";
import { readGrammar } from "./read-grammar.ts";
import { readPattern } from "./read-pattern.ts";
import { accepts, texts } from "./reference.ts";
import { difference, type Machine, machineOf } from "./regular.ts";

type State = keyof typeof automaton.steps;

const ours: Machine<State> = {
  start: automaton.start,
  key: (state) => state,
  step: (state, character) => step(state, classOf(character)),
  accepts: isAccepting,
};

// Every ASCII character, and others of each class.
const alphabet = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ..."\u0085\u00a0é\u200b\u2028\u3000\ufeff５",
];

describe("the automaton accepts the same texts as", () => {
  test("the grammar", () => {
    expect(difference(ours, machineOf(readGrammar(ebnf)), alphabet)).toBeUndefined();
  });

  test("the pattern of the JSON Schema", () => {
    expect(difference(ours, machineOf(readPattern(jsonSchemaPattern)), alphabet)).toBeUndefined();
  });

  test("the pattern as this engine runs it", () => {
    const pattern = new RegExp(jsonSchemaPattern, "u");
    for (const text of texts(["a", "0", "1", ">", ":", "*", "\n", "-"], 5)) {
      if (pattern.test(text) !== accepts(text)) expect.fail(JSON.stringify(text));
    }
  });
});

test("a difference is found, and the shortest one is shown", () => {
  const wrong = readPattern(jsonSchemaPattern.replace("[1-9]", "[0-9]"));
  expect(difference(ours, machineOf(wrong), alphabet)).toBe("*:0");
});
