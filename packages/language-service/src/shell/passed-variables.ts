import { assignment, slice } from "../command.ts";
import { type Given, variable } from "../process.ts";
import type { Value } from "../region.ts";
import { optionOfVariable } from "../worker-options.ts";

/** Programs for which `NAME=value` is a text to look for, to print or to tell, and nothing that is set. */
const textTools = /(?:^|\/)(?:\[|\[\[|awk|cat|echo|expr|git|[ef]?grep|perl|printf|rg|sed|test)$/;
/** Whether a command only looks for its words, prints them or tells them to somebody. */
export function isTextTool(words: readonly Value[]): boolean {
  return textTools.test(words[0]?.text ?? "");
}

/** What may stand before the name in one word: `--env=`, `--env-add=`, `-e`. */
const before = /^(?:--[a-z][a-z-]*=|-[a-z](?=[A-Z_]))/;

/** A word as a variable that it gives a value to; undefined for anything else. */
export function fromWord(word: Value, from: string): Given | undefined {
  const head = before.exec(word.text)?.[0].length ?? 0;
  const parts = assignment(head === 0 ? word : slice(word, head));
  if (parts?.value === undefined) return undefined;
  const span = head === 0 ? word.span : word.content;
  return variable({ uri: word.uri, ...parts, span, from, remove: undefined });
}

/**
 * Variables that a command's words set for something else: `env NAME=value program`, `kubectl
 * set env`, `docker service update --env-add`, `heroku config:set` and their like.
 */
export function passedVariables(words: readonly Value[], from: string): Given[] {
  if (isTextTool(words)) return [];
  return words.slice(1).flatMap((word) => {
    const given = fromWord(word, from);
    return given !== undefined && optionOfVariable(given.name) !== undefined ? given : [];
  });
}
