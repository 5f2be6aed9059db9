import { interpolate } from "../interpolation.ts";
import type { Link } from "../process.ts";
import type { Value } from "../region.ts";
import { scalarValue } from "../yaml/scalar-value.ts";
import {
  asList,
  asMap,
  type Cursor,
  child,
  entry,
  items,
  spanOf,
  textOf,
} from "../yaml/yaml-file.ts";
import { baseName } from "./host.ts";

/** A scalar as compose reads it. */
export function composeScalar(at: Cursor, inFlow = false): Value | undefined {
  const value = scalarValue(at, inFlow);
  return value && interpolate(value);
}

/** The other files that give something to a service. */
export function composeLinks(at: Cursor, service: string): Link[] {
  return [...built(at), ...extended(at), ...overridden(at, service), ...envFiles(at)];
}

/** One thing, or a list of such things. */
function listed(at: Cursor): readonly Cursor[] {
  return asList(at) === undefined ? [at] : items(at);
}

/** `include:` in its three forms: a path, a list of paths, and objects with one path or several that are merged. */
export function included(root: Cursor): Link[] {
  return listed(child(root, "include")).flatMap((place): Link[] => {
    const path = asMap(place) === undefined ? place : child(place, "path");
    const paths = listed(path).flatMap((one) => composeScalar(one) ?? []);
    if (paths.length === 0 || paths.some(({ certainty }) => certainty === "opaque")) return [];
    const span = spanOf(root.file, path.node);
    return [{ kind: "include", paths: paths.map(({ text }) => text), span }];
  });
}

function envFiles(at: Cursor): Link[] {
  return listed(child(at, "env_file")).flatMap((place): Link[] => {
    const value = composeScalar(asMap(place) === undefined ? place : child(place, "path"));
    if (value === undefined || value.certainty === "opaque") return [];
    const dialect = textOf(child(place, "format")) === "raw" ? "docker" : "compose";
    return [{ kind: "env-file", path: value.text, span: value.content, dialect }];
  });
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

function built(at: Cursor): Link[] {
  const build = child(at, "build");
  if (entry(at, "build") === undefined) return [];
  const context =
    asMap(build) === undefined ? textOf(build) : (textOf(child(build, "context")) ?? ".");
  if (context === undefined) return [];
  const file = textOf(child(build, "dockerfile")) ?? "Dockerfile";
  const path = file.startsWith("/") ? file : `${context.replace(/\/$/, "")}/${file}`;
  const stage = composeScalar(child(build, "target"))?.text;
  return [{ kind: "dockerfile", path, stage, span: spanOf(at.file, build.node) }];
}
