import { flag, type Given } from "./process.ts";
import { apply, type Edit, type Value, valueIn } from "./region.ts";
import { isSwitch, optionOfFlag } from "./worker-options.ts";

/** A part of a value as a value of its own: what stands behind the `=` of one word. */
export function slice(value: Value, start: number, end = value.text.length): Value {
  const span = { start, end };
  const text = value.text.slice(start, end);
  const decoded = {
    text,
    segments: text === "" ? [] : [{ text: { start: 0, end: end - start }, file: span }],
    certainty: value.certainty,
    span,
    content: span,
  };
  return valueIn(value, decoded, { inline: (chars) => chars, whole: (whole) => whole });
}

/** `NAME=value` in one word; undefined for anything else. A word without `=` passes the variable through. */
export function assignment(word: Value): { name: string; value: Value | undefined } | undefined {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(=)?/.exec(word.text);
  const [all, name, equals] = match ?? [];
  if (all === undefined || name === undefined) return undefined;
  if (equals !== undefined) return { name, value: slice(word, all.length) };
  return all.length === word.text.length ? { name, value: undefined } : undefined;
}

/** The words without the `--` that package managers pass through. */
export function commandWords(words: readonly Value[]): readonly Value[] {
  return words.filter((word) => word.text !== "--");
}

/** What starts a worker: only behind it is `-l` what a worker takes for it. */
const ownProgram = /(?:^|\/)(?:ws-worker|workloops|start(?:\.js|:prod)?)$/;

/** The worker's flags among the words of a command, in order. */
export function flagsOf(words: readonly Value[], from: string): Given[] {
  const found: Given[] = [];
  const isOwn = words[0]?.text.startsWith("-") || words.some(({ text }) => ownProgram.test(text));
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined) continue;
    const match = /^(--?[a-z][a-z-]*)(=)?/.exec(word.text);
    const [all, name, equals] = match ?? [];
    if (all === undefined || name === undefined || optionOfFlag(name) === undefined) continue;
    if (!name.startsWith("--") && !isOwn) continue;
    if (equals !== undefined) {
      const value = slice(word, all.length);
      found.push(flag({ uri: word.uri, span: word.content, name, value, from, remove: undefined }));
    } else if (isSwitch(name)) {
      const { uri, content: span } = word;
      const next = words[i + 1];
      const isNext = next !== undefined && /^(?:true|false)$/.test(next.text);
      const value = isNext ? next : slice(word, all.length);
      found.push(flag({ uri, span, name, value, from, remove: undefined }));
      if (isNext) i += 1;
    } else if (all.length === word.text.length) {
      const value = words[i + 1];
      if (value === undefined || /^--[a-z][\w-]*(?:=|$)/i.test(value.text)) {
        found.push(...withoutValue(word, name, from));
        continue;
      }
      const { start } = word.content;
      const span = { start, end: Math.max(word.content.end, value.content.end) };
      found.push(flag({ uri: word.uri, span, name, value, from, remove: undefined }));
      i += 1;
    }
  }
  return found;
}

/** The worker takes the empty text where nothing stands behind the flag, and there is no place to write another. */
function withoutValue(word: Value, name: string, from: string): Given[] {
  if (optionOfFlag(name) !== "workloops") return [];
  const value = { ...slice(word, word.text.length), write: () => undefined };
  return [flag({ uri: word.uri, span: word.content, name, value, from, remove: undefined })];
}

/** Several edits of one text, none overlapping, as the text they make. */
export function applyAll(text: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start || b.span.end - a.span.end)
    .reduce(apply, text);
}
