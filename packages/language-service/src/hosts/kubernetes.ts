import { type Given, type Process, process, variable } from "../process.ts";
import type { Origin } from "../region.ts";
import { readContainer } from "../yaml/container.ts";
import { fromMap, fromStrings } from "../yaml/env-given.ts";
import { type LooseReader, readLoose } from "../yaml/loose.ts";
import { scalarValue } from "../yaml/scalar-value.ts";
import {
  asMap,
  asScalar,
  type Cursor,
  child,
  deref,
  entries,
  items,
  parseYaml,
  rootOf,
  spanOf,
  textOf,
} from "../yaml/yaml-file.ts";
import { fromBase64 } from "./base64.ts";
import { type Embedded, type Host, hash, type Reading, type Trap } from "./host.ts";

/** Manifests, patches and Kustomize files, also several in one text or in one List. */
export const kubernetes: Host = {
  id: "kubernetes",
  comment: () => hash,
  mayClaim: (path) => /\.(?:ya?ml|json)$/i.test(path),
  claims: (path, text) =>
    /\.(?:ya?ml|json)$/i.test(path) &&
    (/kustomization\.ya?ml$/i.test(path) ||
      (/(?:^|[\s{,"])apiVersion"?[ \t]*:/.test(text) && /(?:^|[\s{,"])kind"?[ \t]*:/.test(text))),
  read: (origin) => readManifests(origin, origin.text),
};

interface Found {
  readonly processes: Process[];
  readonly traps: Trap[];
  readonly embedded: Embedded[];
}

/** Reads manifests in `text`, which has the offsets of the origin's; what is none is read as `loose` says. */
export function readManifests(origin: Origin, text: string, loose?: LooseReader): Reading {
  const file = parseYaml(origin, text);
  const found: Found = { processes: [], traps: [], embedded: [] };
  for (const document of file.documents) {
    const root = rootOf(file, document);
    if (loose !== undefined && child(root, "kind").node === undefined)
      readLoose(root, loose, found);
    else readObject(root, found, 0);
  }
  return { ...found, problems: file.problems };
}

/** A List may hold Lists, though none is known that does. */
const mostNested = 3;

function readObject(at: Cursor, found: Found, depth: number): void {
  const kind = textOf(child(at, "kind")) ?? "";
  if (kind.endsWith("List") && depth < mostNested) {
    for (const item of items(child(at, "items"))) readObject(item, found, depth + 1);
    return;
  }
  if (kind === "ConfigMap" || kind === "Secret") readData(at, kind, found);
  readKustomization(at, found);
  for (const [path, spec] of podSpecs(at)) readPod(at, kind, path, spec, found);
}

/** The pod in an object: its own spec, or that of its template, or of its job's. */
function podSpecs(at: Cursor): [readonly string[], Cursor][] {
  const paths = [
    ["spec"],
    ["spec", "template", "spec"],
    ["spec", "jobTemplate", "spec", "template", "spec"],
    ["template", "spec"],
  ];
  return paths
    .map((path): [string[], Cursor] => [path, child(at, ...path)])
    .filter(
      ([, spec]) =>
        child(spec, "containers").node !== undefined ||
        child(spec, "initContainers").node !== undefined,
    );
}

function readPod(
  at: Cursor,
  kind: string,
  path: readonly string[],
  spec: Cursor,
  found: Found,
): void {
  const scope = textOf(child(at, "metadata", "namespace")) ?? "";
  const pod = {
    platform: "kubernetes" as const,
    scope,
    replicas: path.length > 1 ? child(at, "spec", "replicas") : undefined,
    grace: child(spec, "terminationGracePeriodSeconds"),
    // A Deployment has a selector; a patch of one only says what is to change.
    isPatch: path.length > 1 && child(at, "spec", "selector").node === undefined,
    owner: `${kind} ${textOf(child(at, "metadata", "name")) ?? ""}`.trim(),
  };
  for (const key of ["containers", "initContainers"]) {
    for (const container of items(child(spec, key))) {
      if (asMap(container) !== undefined)
        found.processes.push(readContainer(container, pod, found.traps));
    }
  }
}

function readData(at: Cursor, kind: string, found: Found): void {
  const name = textOf(child(at, "metadata", "name")) ?? "";
  const label = `${kind === "Secret" ? "secret" : "config-map"} ${name}`;
  const reader = {
    from: label,
    decode: (value: never) => value,
    stringsOnly: true,
    traps: found.traps,
  };
  const plain = { ...reader, decode: <T>(value: T) => value };
  const given: Given[] = [];
  if (kind === "ConfigMap") given.push(...fromMap(child(at, "data"), plain));
  else {
    given.push(...fromMap(child(at, "stringData"), plain), ...encoded(child(at, "data"), label));
  }
  for (const { key, value, inFlow } of entries(child(at, "data"))) {
    const node = { ...at, node: deref(at.file, at.document, value) };
    const text = kind === "ConfigMap" ? scalarValue(node, inFlow) : undefined;
    // A file that a volume mounts: `worker.env: |`.
    if (text !== undefined && key.includes(".")) found.embedded.push({ path: key, origin: text });
  }
  const { uri } = at.file;
  const span = spanOf(at.file, asScalar(child(at, "metadata", "name")) ?? at.node);
  found.processes.push(process({ uri, span, name: label, platform: "none", given }));
}

function encoded(at: Cursor, from: string): Given[] {
  return entries(at).flatMap((pair): Given[] => {
    const node = { ...at, node: deref(at.file, at.document, pair.value) };
    const written = scalarValue(node, pair.inFlow);
    const value = written && fromBase64(written);
    if (written === undefined) return [];
    const { uri } = at.file;
    const span = { start: spanOf(at.file, pair.keyNode).start, end: written.span.end };
    return [variable({ uri, name: pair.key, span, value, from, remove: undefined })];
  });
}

/** Literals become the data of a ConfigMap, and patches are manifests of their own. */
function readKustomization(at: Cursor, found: Found): void {
  for (const [key, kind] of [
    ["configMapGenerator", "config-map"],
    ["secretGenerator", "secret"],
  ] as const) {
    for (const generator of items(child(at, key))) {
      const label = `${kind} ${textOf(child(generator, "name")) ?? ""}`;
      const reader = {
        from: label,
        decode: <T>(value: T) => value,
        stringsOnly: false,
        unquotes: true,
        traps: found.traps,
      };
      const given = fromStrings(child(generator, "literals"), reader);
      const { uri } = at.file;
      const span = spanOf(at.file, generator.node);
      const links = items(child(generator, "envs")).flatMap((path) => {
        const text = textOf(path);
        if (text === undefined) return [];
        return [
          {
            kind: "env-file",
            path: text,
            span: spanOf(at.file, path.node),
            dialect: "docker",
          } as const,
        ];
      });
      found.processes.push(process({ uri, span, name: label, platform: "none", given, links }));
    }
  }
  const patches = [
    ...items(child(at, "patches")).map((patch) => child(patch, "patch")),
    ...items(child(at, "patchesStrategicMerge")),
  ];
  for (const patch of patches) {
    const text = scalarValue(patch, false);
    if (text?.text.includes("\n")) found.embedded.push({ path: "patch.yaml", origin: text });
  }
}
