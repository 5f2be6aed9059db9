import type { Trap } from "../hosts/host.ts";
import { count, dockerBytes, durationSeconds, quantity } from "../hosts/quantity.ts";
import { type Given, type Platform, type Process, process, variable } from "../process.ts";
import type { Value } from "../region.ts";
import { readShell } from "../shell/read-shell.ts";
import { optionOfFlag, optionOfVariable } from "../worker-options.ts";
import { commandGiven, listWords } from "./command-given.ts";
import { fromMap, fromPair, fromPairs, fromStrings } from "./env-given.ts";
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

interface State extends LooseReader {
  readonly processes: Process[];
  readonly traps: Trap[];
}

/** No file that people write nests deeper, and what is no tree never ends. */
const mostNested = 24;

/** Finds what processes are given in a YAML or JSON text of any shape: by the names of variables and flags. */
export function readLoose(
  root: Cursor,
  reader: LooseReader,
): { processes: Process[]; traps: Trap[] } {
  const state: State = { ...reader, processes: [], traps: [] };
  visit(state, root, [], 0);
  return state;
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

function environment(state: State, at: Cursor, { key }: Entry): Given[] {
  if (asMap(at) !== undefined) {
    if (!environmentOf(at)) return [];
    return known(fromMap(at, reader(state, key)));
  }
  if (asList(at) === undefined) return [];
  const spelled: [string, string] =
    child(items(at)[0] ?? at, "Name").node === undefined ? ["name", "value"] : ["Name", "Value"];
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
    const found = asScalar(node)?.value === null ? undefined : scalarValue(node, pair.inFlow);
    if (found === undefined || !/[:>*]/.test(found.text)) return [];
    const { uri } = at.file;
    const span = spanOf(at.file, pair.keyNode);
    const value = state.decode(found);
    const given = variable({
      uri,
      name: "WORKER_WORKLOOPS",
      span,
      value,
      from: pair.key,
      remove: undefined,
    });
    return [{ ...given, name: pair.key }];
  });
}

function command(state: State, at: Cursor, { key }: Entry): Given[] {
  if (asList(at) !== undefined) {
    if (state.scripts.test(key)) {
      for (const item of items(at)) script(state, item, key);
      return [];
    }
    const flags = items(at).some(
      (item) => optionOfFlag((textOf(item) ?? "").split("=")[0] ?? "") !== undefined,
    );
    const starts = /^(?:command|args|entry_?point|cmd)$/i.test(key);
    if (!flags && !starts) return [];
    return commandGiven(listWords(at, state.decode, state.traps), key, state.traps);
  }
  if (asScalar(at) !== undefined && state.scripts.test(key)) script(state, at, key);
  return [];
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
