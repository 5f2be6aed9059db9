import type { Embedded, Trap } from "../hosts/host.ts";
import { count, dockerBytes, durationSeconds, quantity } from "../hosts/quantity.ts";
import { type Given, type Platform, type Process, process, variable } from "../process.ts";
import type { Value } from "../region.ts";
import { readShell } from "../shell/read-shell.ts";
import { splitWords } from "../shell/split-words.ts";
import { optionOfFlag, optionOfVariable } from "../worker-options.ts";
import { commandGiven, listWords } from "./command-given.ts";
import { fromMap, fromPair, fromPairs, fromStrings } from "./env-given.ts";
import { scalarTraps } from "./scalar-traps.ts";
import { scalarValue } from "./scalar-value.ts";
import {
  asList,
  asMap,
  asScalar,
  type Cursor,
  child,
  deref,
  type Entry,
  entries,
  items,
  spanOf,
  textOf,
} from "./yaml-file.ts";

/** How a format whose keys are not fixed is read. */
export interface LooseReader {
  readonly platform: Platform;
  /** Whether a map's variables hold for what is written below it, as in CI files. */
  readonly inherits: boolean;
  /** Keys whose texts are shell scripts. */
  readonly scripts: RegExp;
  readonly decode: (value: Value) => Value;
}

/** What was found in the text. */
export interface LooseReading {
  readonly processes: Process[];
  readonly traps: Trap[];
  readonly embedded: Embedded[];
}

interface State extends LooseReader, LooseReading {}

/** No file that people write nests deeper, and what is no tree never ends. */
const mostNested = 24;

/** Finds what processes are given in a YAML or JSON text of any shape: by the names of variables and flags. */
export function readLoose(root: Cursor, reader: LooseReader, found: LooseReading): void {
  visit({ ...reader, ...found }, root, [], 0);
}

function visit(state: State, at: Cursor, outer: readonly Given[], depth: number): void {
  if (depth > mostNested) return;
  for (const item of items(at)) visit(state, item, outer, depth + 1);
  if (asMap(at) === undefined) return;
  const pairs = entries(at);
  const own: Given[] = [];
  const below: Cursor[] = [];
  const direct = pairs.filter(({ key }) => optionOfVariable(key) !== undefined);
  if (direct.length > 0) own.push(...known(fromMap(at, reader(state, "variables"))));
  own.push(...shorthand(state, at, pairs), ...lonePair(state, at));
  let variables = own.length;
  for (const pair of pairs) {
    const node = { ...at, node: deref(at.file, at.document, pair.value) };
    const given = environment(state, node, pair);
    own.push(...given);
    variables += given.length;
    if (given.length === 0) own.push(...command(state, node, pair));
    if (given.length === 0 || asMap(node) !== undefined) below.push(node);
  }
  if (own.length > 0) state.processes.push(described(state, at, [...outer, ...own]));
  const passed = state.inherits ? [...outer, ...own.slice(0, variables)] : [];
  for (const node of below) {
    const isEnvironment = direct.length === 0 && environmentOf(node);
    if (!isEnvironment) visit(state, node, passed, depth + 1);
  }
}

const reader = (state: State, from: string) => ({
  from,
  decode: state.decode,
  stringsOnly: false,
  nests: true,
  traps: state.traps,
});

/** A map right below the one that holds it belongs to it: `env:` of a container. */
function environmentOf(at: Cursor): boolean {
  return entries(at).some(({ key }) => optionOfVariable(key) !== undefined);
}

/** A file of any shape holds many names; a worker's begin alike. */
function known(given: readonly Given[]): Given[] {
  return given.filter(({ name, option }) => option !== undefined || name.startsWith("WORKER_"));
}

/** How a variable and its value are called in lists: manifests, CloudFormation, Render. */
const spellings = [
  ["name", "value"],
  ["Name", "Value"],
  ["key", "value"],
] as const;

function environment(state: State, at: Cursor, { key }: Entry): Given[] {
  if (asMap(at) !== undefined) {
    if (!environmentOf(at)) return [];
    return known(fromMap(at, reader(state, key)));
  }
  if (asList(at) === undefined) return [];
  const first = items(at)[0] ?? at;
  const spelled =
    spellings.find(([name]) => child(first, name).node !== undefined) ??
    (["name", "value"] as const);
  const pairs = known(fromPairs(at, reader(state, key), spelled));
  if (pairs.length > 0) return pairs;
  const strings = items(at).some((item) => /^WORKER_\w+(?:=|$)/.test(textOf(item) ?? ""));
  return strings ? known(fromStrings(at, reader(state, key))) : [];
}

/** A JSON patch adds one pair: `value: { name: NAME, value: … }`. */
function lonePair(state: State, at: Cursor): Given[] {
  const name = textOf(child(at, "name"));
  if (optionOfVariable(name ?? "") === undefined || child(at, "value").node === undefined)
    return [];
  const found = fromPair(at, reader(state, "value"), ["name", "value"]);
  return found === undefined ? [] : [found];
}

/** Helm charts spell the option without the variable: `worker: { workloops: … }`. */
function shorthand(state: State, at: Cursor, pairs: readonly Entry[]): Given[] {
  return pairs.flatMap((pair): Given[] => {
    if (pair.key !== "workloops") return [];
    const node = { ...at, node: deref(at.file, at.document, pair.value) };
    // A list or a map of this name is something else of its own.
    if (asMap(node) === undefined && asList(node) === undefined) {
      const { value, inFlow } = pair;
      state.traps.push(...scalarTraps(at, { node: value, inFlow, stringsOnly: false }));
    }
    // Each row of a CI's matrix is a process of its own.
    for (const item of items(node)) {
      const given = spelledOut(state, item, pair, asList(node)?.flow === true);
      if (given.length > 0) state.processes.push(described(state, at, given));
    }
    return spelledOut(state, node, pair, pair.inFlow);
  });
}

function spelledOut(state: State, at: Cursor, { key, keyNode }: Entry, inFlow: boolean): Given[] {
  const found = asScalar(at)?.value === null ? undefined : scalarValue(at, inFlow);
  if (found === undefined || !/[:>*]/.test(found.text)) return [];
  const { uri } = at.file;
  const place = { uri, span: spanOf(at.file, keyNode), from: key, remove: undefined };
  const read = state.decode(found);
  // What has no sign of a group would be taken for something else of that name.
  const write = (next: string) => (/[:>*]/.test(next) ? read.write(next) : undefined);
  const given = variable({ ...place, name: "WORKER_WORKLOOPS", value: { ...read, write } });
  return [{ ...given, name: key }];
}

const starters = /^(?:command|args|entry_?point|cmd)$/i;

function command(state: State, at: Cursor, { key }: Entry): Given[] {
  if (asList(at) !== undefined) {
    const flags = items(at).some(
      (item) => /^--/.test(textOf(item) ?? "") && optionOfFlag(flagIn(item)) !== undefined,
    );
    if (!flags && state.scripts.test(key)) {
      for (const item of items(at)) scriptItem(state, item, key);
      return [];
    }
    if (!flags && !starters.test(key)) return [];
    return commandGiven(listWords(at, state.decode, state.traps), key, state.traps);
  }
  if (asScalar(at) === undefined) return [];
  if (state.scripts.test(key)) script(state, at, key);
  else if (lines.test(textOf(at) ?? "")) environmentLines(state, at);
  else if (starters.test(key)) return commandLine(state, at, key);
  return [];
}

const flagIn = (item: Cursor) => (textOf(item) ?? "").split("=")[0] ?? "";

/** A list of commands may hold lists: GitLab puts them together, cloud-init takes them for words. */
function scriptItem(state: State, at: Cursor, key: string): void {
  if (asList(at) === undefined) {
    script(state, at, key);
    return;
  }
  const given = commandGiven(listWords(at, state.decode, state.traps), key, state.traps);
  const place = { uri: at.file.uri, span: spanOf(at.file, at.node), name: key };
  if (given.length > 0) state.processes.push(process({ ...place, platform: "none", given }));
  else for (const item of items(at)) script(state, item, key);
}

/** A text that is written into an env file, or a part of one. */
const lines = /^[ \t]*(?:export[ \t]+)?WORKER_[A-Z_]+=/m;

function environmentLines(state: State, at: Cursor): void {
  const found = scalarValue(at, false);
  if (found !== undefined) state.embedded.push({ path: "stdin.env", origin: state.decode(found) });
}

/** A command that is one text, as in Ansible and PM2: split into words without a shell. */
function commandLine(state: State, at: Cursor, key: string): Given[] {
  const found = scalarValue(at, false);
  if (found === undefined || !/--(?:workloops|queues|capacity)\b/.test(found.text)) return [];
  return commandGiven(splitWords(state.decode(found)).words, key, state.traps);
}

function script(state: State, at: Cursor, key: string): void {
  const found = scalarValue(at, false);
  if (found === undefined || !/WORKER_|workloops|--queues|openfn|ws-worker/.test(found.text))
    return;
  // Only the words that hold an expression are unknown, not all of the script.
  const read = readShell({ ...state.decode(found), certainty: found.certainty }, key);
  const { uri } = at.file;
  const place = { uri, span: spanOf(at.file, at.node), name: key, platform: "none" as const };
  if (read.given.length > 0) state.processes.push(process({ ...place, given: read.given }));
  state.processes.push(...read.processes);
  state.traps.push(...read.traps);
  state.embedded.push(...read.embedded);
}

/** What the map around an environment says of the process: ECS and its like. */
function described(state: State, at: Cursor, given: readonly Given[]): Process {
  const value = (...keys: string[]) => {
    const found = keys.map((key) => child(at, key)).find((node) => asScalar(node) !== undefined);
    return found && scalarValue(found, false);
  };
  const memory = value("memory", "Memory");
  const { uri } = at.file;
  const name = textOf(child(at, "name")) ?? textOf(child(at, "Name"));
  return process({
    uri,
    span: spanOf(
      at.file,
      asScalar(child(at, "name")) ?? asScalar(child(at, "Name")) ?? firstKey(at),
    ),
    name: name === undefined ? "process" : `container ${name}`,
    platform: state.platform,
    image: value("image", "Image"),
    given,
    memoryLimit:
      state.platform === "ecs" ? quantity(memory, mebibytes) : quantity(memory, dockerBytes),
    stopGrace: quantity(value("stopTimeout", "StopTimeout"), durationSeconds),
    replicas: quantity(value("replicas", "replicaCount"), count),
  });
}

const mebibytes = (text: string) =>
  /^\s*\d+\s*$/.test(text) ? Number(text) * 1024 * 1024 : undefined;

function firstKey(at: Cursor) {
  return entries(at)[0]?.keyNode ?? at.node;
}
