import { type Command, forEachChild, parse, type SyntaxNode, type Word } from "unbash";
import { commandWords, flagsOf } from "../command.ts";
import type { Embedded, Problem, Trap } from "../hosts/host.ts";
import { type Given, isWorker, type Place, type Process, process, variable } from "../process.ts";
import { type Origin, toFile, type Value, valueIn } from "../region.ts";
import { optionOfFlag, optionOfVariable } from "../worker-options.ts";

import { decodeWord } from "./decode-word.ts";
import { containerCommand, readDockerRun } from "./docker-run.ts";
import { helmSet } from "./helm-set.ts";
import { hereDocument } from "./here-document.ts";
import { fromWord, isTextTool, passedVariables } from "./passed-variables.ts";
import { printedText } from "./printed-text.ts";
import { quotingOf } from "./split-words.ts";
import { unquotedTrap } from "./unquoted.ts";

/** What a shell script gives to the processes that it starts, and to itself. */
export interface ShellReading {
  /** Variables set outside of any command's own line, in order. */
  readonly given: readonly Given[];
  readonly processes: readonly Process[];
  readonly traps: readonly Trap[];
  /** Here-documents. */
  readonly embedded: readonly Embedded[];
  readonly problems: readonly Problem[];
}

interface State {
  readonly origin: Origin;
  /** Which part of the host the script stands in, for people. */
  readonly from: string;
  readonly given: Given[];
  readonly processes: Process[];
  readonly traps: Trap[];
  readonly embedded: Embedded[];
  readonly depth: number;
}

/** A script may start a shell with a script that starts a shell. */
const mostNested = 4;
const shells = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k|a)?sh$/;

/** Reads a script. Nothing is run; what a variable or a command would bring stays unknown. */
export function readShell(origin: Origin, from: string, depth = 0): ShellReading {
  const state: State = { origin, from, given: [], processes: [], traps: [], embedded: [], depth };
  const script = parse(origin.text);
  visit(state, script);
  const problems = (script.errors ?? []).map(({ pos, message }) => ({
    span: toFile(origin, { start: pos, end: pos }),
    message,
  }));
  return { ...state, problems };
}

/** What is set inside them holds for what follows inside them, and perhaps for nothing else. */
const branches: ReadonlySet<string> = new Set(["If", "Elif", "Case", "Function", "While"]);

function visitBranch(state: State, node: SyntaxNode): void {
  const given = [...state.given];
  visit({ ...state, given }, node);
  if (given.length <= state.given.length) return;
  const span = toFile(state.origin, { start: node.pos, end: node.pos });
  ownLine(state, { uri: state.origin.uri, span }, given);
}

function visit(state: State, node: SyntaxNode): void {
  if (branches.has(node.type)) {
    forEachChild(node, (child) => visitBranch(state, child));
    return;
  }
  if (node.type === "Command") readCommand(state, node);
  forEachChild(node, (child) => visit(state, child));
}

function wordValue(state: State, word: Word, start = word.pos): Value {
  const { origin } = state;
  const written = origin.text.slice(start, word.end);
  return valueIn(origin, decodeWord(origin.text, start, word.end), quotingOf(written));
}

function readCommand(state: State, command: Command): void {
  const name = command.name && wordValue(state, command.name);
  const own: Given[] = [];
  for (const part of [...command.prefix, ...command.suffix]) {
    if (part.type === "HereDoc") state.embedded.push(hereDocument(state.origin, command, part));
    if (part.type !== "Assignment" || part.value.type !== "Word") continue;
    own.push(assigned(state, part.name, part.pos, part.value));
  }
  const args = command.args.flatMap((arg) => {
    if (arg.type === "Word") return wordValue(state, arg);
    return valueIn(state.origin, decodeWord(state.origin.text, arg.pos, arg.end), quotingOf(""));
  });
  if (name === undefined || /^(?:export|declare|typeset|readonly|local)$/.test(name.text)) {
    const words = args.flatMap((word) => fromWord(word, state.from) ?? []);
    const known = new Set(own.map((given) => given.name));
    const all = [...own, ...words.filter((given) => !known.has(given.name))];
    // A script may set thousands of other things, and each is handed to every command behind it.
    state.given.push(...all.filter(({ name: set }) => set.startsWith("WORKER_")));
    return;
  }
  if (name.text === "unset") {
    for (const { text } of args) remove(state.given, text);
    return;
  }
  started(state, command, [name, ...args], own);
}

function remove(given: Given[], name: string): void {
  for (let i = given.length - 1; i >= 0; i -= 1) if (given[i]?.name === name) given.splice(i, 1);
}

function assigned(state: State, name: string, pos: number, word: Word): Given {
  if (optionOfVariable(name) === "workloops") trap(state, word.pos, "assignment");
  const span = toFile(state.origin, { start: pos, end: Math.max(word.end, pos + name.length) });
  const value = wordValue(state, word);
  return variable({
    uri: state.origin.uri,
    name,
    span,
    value,
    from: state.from,
    remove: undefined,
  });
}

function trap(state: State, start: number, reader: "assignment" | "word"): void {
  const found = unquotedTrap(state.origin, start, reader);
  if (found !== undefined) state.traps.push(found);
}

/** A command that starts something: a container, a deployment's new environment, a worker. */
function started(
  state: State,
  command: Command,
  words: readonly Value[],
  own: readonly Given[],
): void {
  const place = { uri: state.origin.uri, span: words[0]?.span ?? { start: 0, end: 0 } };
  wordTraps(state, command);
  const container = containerCommand(words);
  if (container !== undefined) {
    state.processes.push(readDockerRun(words, container, place, [...state.given, ...own]));
    ownLine(state, place, own);
    return;
  }
  const script = inner(words);
  if (script !== undefined && state.depth < mostNested) {
    const read = readShell(script, state.from, state.depth + 1);
    state.traps.push(...read.traps);
    const given = [...own, ...read.given];
    if (given.length > 0)
      state.processes.push(process({ ...place, name: "sh -c", platform: "none", given }));
    state.processes.push(...read.processes);
    state.embedded.push(...read.embedded);
    return;
  }
  const [first] = words;
  const printed = printedText(state.origin, command, words);
  if (printed !== undefined) {
    state.embedded.push(printed);
    return;
  }
  const variables = passedVariables(words, state.from);
  const helm = /(?:^|\/)helm(?:file)?$/.test(first?.text ?? "") ? helmSet(words, "--set") : [];
  const flags = isTextTool(words) ? [] : flagsOf(commandWords(words.slice(1)), state.from);
  const given = [...own, ...variables, ...helm, ...flags];
  const found = process({
    ...place,
    name: `command ${first?.text ?? ""}`,
    platform: "none",
    given,
  });
  if (
    isWorker(found) ||
    given.some(({ option }) => option === "queues" || option === "workloops")
  ) {
    state.processes.push({ ...found, given: [...state.given, ...given] });
  }
}

/** Variables of a command's own line that it may hand on, or not. */
function ownLine(state: State, place: Place, given: readonly Given[]): void {
  if (given.length > 0) {
    state.processes.push(process({ ...place, name: "command", platform: "none", given }));
  }
}

/** The script that a command hands to a shell: `sh -c SCRIPT`, `ssh HOST SCRIPT`. */
function inner(words: readonly Value[]): Value | undefined {
  const last = words.at(-1);
  if (words[0]?.text === "ssh" && last?.text.includes(" ")) return last;
  const at = words.findIndex((word) => shells.test(word.text));
  if (at < 0 || at > 3) return undefined;
  const option = words.findIndex((word, i) => i > at && /^-[a-z]*c$/.test(word.text));
  return option < 0 ? undefined : words[option + 1];
}

/** What stands before a value in one word: a variable or a flag, and what helm puts around a variable. */
const heads = [
  /^(?:--[a-z][a-z-]*=|-e)?([A-Z_][A-Z0-9_]*)=/,
  /^(?:--[a-z-]+=)?(?:[\w.,=[\]]*[.,])?(WORKER_WORKLOOPS|(?<=\.)workloops)=/,
  /^(?:--[a-z-]+=)?[\w.,=[\]]*\.name=(WORKER_WORKLOOPS),[\w.[\]]*\.value=/,
  /^()(--?[a-z][a-z-]*)=/,
];

/** Values that stand in the command's own words: `-e NAME=…`, `--workloops …`, `--workloops=…`. */
function wordTraps(state: State, command: Command): void {
  const { text } = state.origin;
  command.args.forEach((arg, i) => {
    const raw = text.slice(arg.pos, arg.end);
    const head = heads.map((pattern) => pattern.exec(raw)).find((found) => found !== null);
    const variable = head?.[1] === "workloops" ? "WORKER_WORKLOOPS" : (head?.[1] ?? "");
    const named = optionOfVariable(variable) ?? optionOfFlag(head?.[2] ?? "");
    if (head !== undefined && named === "workloops") trap(state, arg.pos + head[0].length, "word");
    const next = command.args[i + 1];
    if (optionOfFlag(raw) === "workloops" && next !== undefined) trap(state, next.pos, "word");
  });
}
