import { isNode, isSeq } from "yaml";
import { commandWords, flagsOf } from "../command.ts";
import type { Trap } from "../hosts/host.ts";
import type { Given } from "../process.ts";
import { type Value, valueIn } from "../region.ts";
import { readShell } from "../shell/read-shell.ts";
import { optionOfFlag } from "../worker-options.ts";
import { doubleQuoted } from "./quote-scalar.ts";
import { scalarTraps } from "./scalar-traps.ts";
import { scalarValue } from "./scalar-value.ts";
import { type Cursor, items, rangeOf, textOf } from "./yaml-file.ts";

const shells = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k|a)?sh$/;

/** The words of a command that is written as a list. */
export function listWords(at: Cursor, decode: (value: Value) => Value, traps: Trap[]): Value[] {
  if (!isSeq(at.node)) return [];
  const inFlow = at.node.flow === true;
  const raw: readonly unknown[] = at.node.items;
  const found: Value[] = [];
  let before = "";
  items(at).forEach((item, i) => {
    const text = textOf(item) ?? "";
    if (text.startsWith("--workloops=") || optionOfFlag(before) === "workloops") {
      traps.push(...scalarTraps(at, { node: raw[i], inFlow, stringsOnly: false }));
    }
    before = text;
    const value = scalarValue(item, inFlow);
    found.push(value === undefined ? unknown(at, raw[i]) : decode(value));
  });
  traps.push(...splitValues(found));
  return found;
}

const group = /^[\w*]+(?:[>,][\w*]+)*:\d+$/;

/** A value that was written over several items: the process takes the first of them alone. */
function splitValues(words: readonly Value[]): Trap[] {
  return words.flatMap((word, i): Trap[] => {
    const whole = word.text.startsWith("--workloops=");
    const at = whole ? i : i + 1;
    const first = words[at];
    if (first === undefined || !(whole || optionOfFlag(word.text) === "workloops")) return [];
    let end = at + 1;
    while (group.test(words[end]?.text ?? "")) end += 1;
    const last = words[end - 1];
    if (end === at + 1 || last === undefined) return [];
    const received = JSON.stringify(first.text.slice(whole ? "--workloops=".length : 0));
    const reads = `each item of the list is a word of its own, and the process receives ${received}`;
    const span = { start: first.span.start, end: last.span.end };
    return [{ code: "shell-unquoted", span, reads, fix: undefined }];
  });
}

/** A word that YAML cannot give: an alias to nothing, a map. It keeps its place among the others. */
function unknown(at: Cursor, node: unknown): Value {
  const span = rangeOf(isNode(node) ? node : undefined);
  const decoded = { text: "", segments: [], certainty: "opaque", span, content: span } as const;
  return valueIn(at.file.origin, decoded, { inline: () => undefined, whole: doubleQuoted });
}

/** The flags of a command that is split into words; the script of a shell that it starts is read in its turn. */
export function commandGiven(words: readonly Value[], from: string, traps: Trap[]): Given[] {
  const shell = words.findIndex((word) => shells.test(word.text));
  const option = words.findIndex((word, i) => i > shell && /^-[a-z]*c$/.test(word.text));
  const script = words[option + 1];
  if (shell < 0 || shell > 2 || option < 0 || script === undefined)
    return flagsOf(commandWords(words), from);
  return scriptGiven(script, from, traps);
}

/** What a shell script in a value gives to the process that it becomes. */
export function scriptGiven(script: Value, from: string, traps: Trap[]): Given[] {
  const read = readShell(script, from);
  traps.push(...read.traps);
  const seen = new Set<Given>();
  for (const given of [...read.given, ...read.processes.flatMap((found) => found.given)])
    seen.add(given);
  return [...seen];
}
