import { isNode } from "yaml";
import { interpolate } from "../interpolation.ts";
import { type Given, type Hidden, type Link, type Process, process } from "../process.ts";
import type { Value } from "../region.ts";
import { splitWords } from "../shell/split-words.ts";
import { unquotedTrap } from "../shell/unquoted.ts";
import { mayConcernWorker } from "../worker-options.ts";
import { commandGiven, listWords } from "../yaml/command-given.ts";
import { fromMap, fromStrings } from "../yaml/env-given.ts";
import { scalarValue } from "../yaml/scalar-value.ts";
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
import { baseName, type Host, nothing, type Trap } from "./host.ts";
import { count, dockerBytes, durationSeconds, quantity } from "./quantity.ts";

/** Compose files: what each service is given by environment, env_file, command and image. */
export const compose: Host = {
  id: "compose",
  comment: "#",
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
    }
    return { ...nothing, processes, traps, problems: file.problems };
  },
};

/** `include:` in its three forms: a path, a list of paths, and objects with one or several. */
function included(root: Cursor): Link[] {
  const found = child(root, "include");
  const places = asList(found) === undefined ? [found] : items(found);
  return places.flatMap((place) => {
    const path = asMap(place) === undefined ? place : child(place, "path");
    const paths = asList(path) === undefined ? [path] : items(path);
    return paths.flatMap((one): Link[] => {
      const text = textOf(one);
      return text === undefined
        ? []
        : [{ kind: "include", path: text, span: spanOf(root.file, one.node) }];
    });
  });
}

function isOther(path: string, text: string): boolean {
  return (
    /\.gitlab-ci\.ya?ml$/.test(path) ||
    /^apiVersion:/m.test(text) ||
    /(?:^|\/)\.github\//.test(path)
  );
}

function readService(at: Cursor, service: Entry, scope: string, traps: Trap[]): Process {
  const { uri } = at.file;
  const value = (...keys: string[]) => scalar(child(at, ...keys));
  const environment = readEnvironment(at, traps);
  const command = ["entrypoint", "command"].flatMap((key) => readCommand(at, key, traps));
  return process({
    uri,
    name: `service ${service.key}`,
    span: spanOf(at.file, service.keyNode),
    platform: "compose",
    image: value("image"),
    given: [...environment, ...command],
    links: [...built(at), ...extended(at), ...overridden(at, service.key), ...envFiles(at)],
    hides: hidden(at),
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

function scalar(at: Cursor, inFlow = false): Value | undefined {
  const value = scalarValue(at, inFlow);
  return value && interpolate(value);
}

function readEnvironment(at: Cursor, traps: Trap[]): Given[] {
  const found = child(at, "environment");
  const reader = {
    from: "environment",
    decode: interpolate,
    stringsOnly: false,
    traps,
    wants: mayConcernWorker,
  };
  const { names } = hidden(at);
  const given = asMap(found) === undefined ? fromStrings(found, reader) : fromMap(found, reader);
  return given.filter(({ name }) => mayConcernWorker(name) && !names.includes(name));
}

function readCommand(at: Cursor, key: string, traps: Trap[]): Given[] {
  const found = child(at, key);
  if (asList(found) !== undefined) {
    return commandGiven(listWords(found, interpolate, traps), key, traps);
  }
  const line = scalar(found);
  if (line === undefined) return [];
  const { words } = splitWords(line);
  traps.push(...lineTraps(line));
  return commandGiven(words, key, traps);
}

/** A value that was written without quotes in a command string. */
function lineTraps(line: Value): Trap[] {
  const [match] = /--workloops[= ]\s*(?=[^\s'"\\])/.exec(line.text) ?? [];
  if (match === undefined) return [];
  const trap = unquotedTrap(line, line.text.indexOf(match) + match.length, "compose");
  return trap === undefined ? [] : [trap];
}

function envFiles(at: Cursor): Link[] {
  const found = child(at, "env_file");
  const one = (place: Cursor): Link[] => {
    const path = asMap(place) === undefined ? place : child(place, "path");
    const value = scalar(path);
    if (value === undefined || value.certainty === "opaque") return [];
    const dialect = textOf(child(place, "format")) === "raw" ? "docker" : "compose";
    return [{ kind: "env-file", path: value.text, span: value.content, dialect }];
  };
  return asList(found) === undefined ? one(found) : items(found).flatMap(one);
}

function extended(at: Cursor): Link[] {
  const found = child(at, "extends");
  const name = asMap(found) === undefined ? textOf(found) : textOf(child(found, "service"));
  if (name === undefined) return [];
  const path = asMap(found) === undefined ? undefined : textOf(child(found, "file"));
  return [{ kind: "service", service: name, path, span: spanOf(at.file, found.node) }];
}

/** Compose lays `compose.override.yaml` over the file of the main name in the same folder. */
function overridden(at: Cursor, service: string): Link[] {
  const [, stem] = /^((?:docker-)?compose)\.override\.ya?ml$/.exec(baseName(at.file.uri)) ?? [];
  if (stem === undefined) return [];
  const span = spanOf(at.file, at.node);
  return ["yaml", "yml"].map((end) => ({ kind: "service", path: `${stem}.${end}`, service, span }));
}

/** `!reset` takes one entry back, `!override` all of them; a command replaces the one below it. */
function hidden(at: Cursor): Hidden {
  const environment = child(at, "environment");
  const tag = (node: unknown) => (isNode(node) ? node.tag : undefined);
  const names = entries(environment).filter(({ value }) => tag(value) === "!reset");
  return {
    names: names.map(({ key }) => key),
    environment: /^!(?:reset|override)$/.test(tag(entry(at, "environment")?.value) ?? ""),
    command: entry(at, "command") !== undefined || entry(at, "entrypoint") !== undefined,
  };
}

function built(at: Cursor): Link[] {
  const build = child(at, "build");
  const context =
    asMap(build) === undefined ? textOf(build) : (textOf(child(build, "context")) ?? ".");
  if (context === undefined || entry(at, "build") === undefined) return [];
  const file = textOf(child(build, "dockerfile")) ?? "Dockerfile";
  return [
    {
      kind: "dockerfile",
      path: `${context.replace(/\/$/, "")}/${file}`,
      span: spanOf(at.file, build.node),
    },
  ];
}

/** Paths in the container that a volume keeps. */
function volumes(at: Cursor): string[] {
  return items(child(at, "volumes")).flatMap((item) => {
    if (asMap(item) !== undefined) return textOf(child(item, "target")) ?? [];
    const parts = (textOf(item) ?? "").split(":");
    return parts[1] ?? parts[0] ?? [];
  });
}
