import { Lexer } from "chevrotain";
import { expect, test } from "vitest";
import { Grammar, runGrammar } from "../../packages/parser/src/grammar.ts";
import { defaultLimits } from "../../packages/parser/src/limits.ts";
import { lexer, tokens } from "../../packages/parser/src/tokens.ts";

test("chevrotain finds no fault in the tokens and the grammar", () => {
  const validated = new Lexer(tokens, {
    positionTracking: "onlyOffset",
    ensureOptimizations: true,
  });
  expect(validated.lexerDefinitionErrors).toEqual([]);
  expect(() => new Grammar(false)).not.toThrow();
});

test("every UTF-16 unit is a part of a token", () => {
  for (let unit = 0; unit <= 0xffff; unit += 1) {
    const { tokens: found, errors } = lexer.tokenize(String.fromCharCode(unit));
    if (found.length !== 1 || errors.length > 0) expect.fail(`U+${unit.toString(16)}`);
  }
});

test("the tokens are let go after a text, so that a large one is not kept", () => {
  const { tokens: input } = lexer.tokenize("a:1 b:2");
  runGrammar(input, { text: "a:1 b:2", limits: defaultLimits });
  expect(input).toEqual([]);
});
