import { isNode } from "yaml";
import { interpolate } from "../interpolation.ts";
import { type Given, type Hidden, type Process, process } from "../process.ts";
import type { Value } from "../region.ts";
import { splitWords } from "../shell/split-words.ts";
import { unquotedTrap } from "../shell/unquoted.ts";
import { mayConcernWorker } from "../worker-options.ts";
import { commandGiven, listWords } from "../yaml/command-given.ts";
import { fromMap, fromStrings } from "../yaml/env-given.ts";
import {
  asList,
  asMap,
  type Cursor,
  child,
  deref,
  type Entry,
  entries,
  entry,
  items,
  parseYaml,
  rootOf,
  spanOf,
  textOf,
} from "../yaml/yaml-file.ts";
import { composeLinks, composeScalar, included } from "./compose-links.ts";
import { type Host, hash, nothing, type Trap } from "./host.ts";
import { count, dockerBytes, durationSeconds, quantity } from "./quantity.ts";

/** Compose files: what each service is given by environment, env_file, command and image. */
export const compose: Host = {
  id: "compose",
  comment: () => hash,
  mayClaim: (path) => /\.ya?ml$/i.test(path),
  claims: (path, text) =>
    /\.ya?ml$/i.test(path) &&
    /^(?:services|include|x-[\w-]+)[ \t]*:|^"?services"?:/m.test(text) &&
    !isOther(path, text),
  read: (origin) => {
    const file = parseYaml(origin);
    const processes: Process[] = [];
    const traps: Trap[] = [];
    for (const document of file.documents) {
      const root = rootOf(file, document);
      const services = child(root, "services");
      const includes = included(root);
      for (const service of entries(services)) {
        const at = { ...root, node: deref(file, document, service.value) };
        if (asMap(at) === undefined) continue;
        const found = readService(at, service, textOf(child(root, "name")) ?? "", traps);
        processes.push({ ...found, links: [...found.links, ...includes] });
      }
      // A project may be nothing but what it includes.
      if (includes.length > 0 && entries(services).length === 0) {
        const [{ span } = { span: { start: 0, end: 0 } }] = includes;
        const { uri } = origin;
        processes.push(
          process({ uri, span, name: "project", platform: "compose", links: includes }),
        );
      }
    }
    return { ...nothing, processes, traps, problems: file.problems };
  },
};

function isOther(path: string, text: string): boolean {
  return (
    /\.gitlab-ci\.ya?ml$/.test(path) ||
    /^apiVersion:/m.test(text) ||
    /(?:^|\/)\.github\//.test(path)
  );
}

function readService(at: Cursor, service: Entry, scope: string, traps: Trap[]): Process {
  const { uri } = at.file;
  const value = (...keys: string[]) => composeScalar(child(at, ...keys));
  const hides = hidden(at);
  const environment = readEnvironment(at, hides.names, traps);
  return process({
    uri,
    name: `service ${service.key}`,
    span: spanOf(at.file, service.keyNode),
    platform: "compose",
    image: value("image"),
    given: [...environment, ...readCommands(at, traps)],
    links: composeLinks(at, service.key),
    hides,
    memoryLimit: quantity(
      value("deploy", "resources", "limits", "memory") ?? value("mem_limit"),
      dockerBytes,
    ),
    stopGrace: quantity(value("stop_grace_period"), durationSeconds),
    replicas: quantity(value("deploy", "replicas") ?? value("scale"), count),
    active: asList(child(at, "profiles")) === undefined,
    kept: volumes(at),
    scope,
  });
}

function readEnvironment(at: Cursor, names: readonly string[], traps: Trap[]): Given[] {
  const found = child(at, "environment");
  const reader = {
    from: "environment",
    decode: interpolate,
    stringsOnly: false,
    traps,
    wants: mayConcernWorker,
  };
  const given = asMap(found) === undefined ? fromStrings(found, reader) : fromMap(found, reader);
  return given.filter(({ name }) => mayConcernWorker(name) && !names.includes(name));
}

/** The command follows the entrypoint: where that ends with `sh -c`, it is a script. */
function readCommands(at: Cursor, traps: Trap[]): Given[] {
  const entrypoint = readWords(at, "entrypoint", traps);
  const command = readWords(at, "command", traps);
  if (/^-[a-z]*c$/.test(entrypoint.at(-1)?.text ?? "")) {
    return commandGiven([...entrypoint, ...command], "command", traps);
  }
  return [
    ...commandGiven(entrypoint, "entrypoint", traps),
    ...commandGiven(command, "command", traps),
  ];
}

function readWords(at: Cursor, key: string, traps: Trap[]): readonly Value[] {
  const found = child(at, key);
  if (asList(found) !== undefined) return listWords(found, interpolate, traps);
  const line = composeScalar(found);
  if (line === undefined) return [];
  traps.push(...lineTraps(line));
  return splitWords(line).words;
}

/** A value that was written without quotes in a command string. */
function lineTraps(line: Value): Trap[] {
  const [match] = /--workloops[= ]\s*(?=[^\s\\])/.exec(line.text) ?? [];
  if (match === undefined) return [];
  const trap = unquotedTrap(line, line.text.indexOf(match) + match.length, "compose");
  return trap === undefined ? [] : [trap];
}

/** `!reset` takes one entry back, `!override` all of them; a command replaces the one below it. */
function hidden(at: Cursor): Hidden {
  const environment = child(at, "environment");
  const tag = (node: unknown) => (isNode(node) ? node.tag : undefined);
  // Nearly no environment takes anything back, and a long file has hundreds of them.
  const taken = asMap(environment)?.items.some(({ value }) => tag(value) === "!reset") === true;
  const names = taken ? entries(environment).filter(({ value }) => tag(value) === "!reset") : [];
  return {
    names: names.map(({ key }) => key),
    environment: /^!(?:reset|override)$/.test(tag(entry(at, "environment")?.value) ?? ""),
    command: entry(at, "command") !== undefined || entry(at, "entrypoint") !== undefined,
  };
}

/** Paths in the container that a volume keeps. */
function volumes(at: Cursor): string[] {
  return items(child(at, "volumes")).flatMap((item) => {
    if (asMap(item) !== undefined) return textOf(child(item, "target")) ?? [];
    const parts = (textOf(item) ?? "").split(":");
    return parts[1] ?? parts[0] ?? [];
  });
}
