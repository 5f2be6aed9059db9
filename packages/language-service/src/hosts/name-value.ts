import type { Origin } from "../region.ts";
import { hole } from "../region.ts";
import { type LooseReading, readLoose } from "../yaml/loose.ts";
import { parseYaml, rootOf } from "../yaml/yaml-file.ts";
import { withoutActions } from "./helm-template.ts";
import { type Host, hash, type Reading } from "./host.ts";
import { looseReader } from "./loose-reader.ts";

/** A package manager's own files name the package `workloops` with a version, which is no value. */
const lockFile = /(?:^|\/)(?:package-lock|npm-shrinkwrap|pnpm-lock)\.\w+$/i;
const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path) && !lockFile.test(path);
const isJson = (path: string): boolean => /\.json$/i.test(path) && !lockFile.test(path);

/** Values of Helm charts, and every other YAML file that names a worker's variables: Ansible, CloudFormation, Swarm. */
export const values: Host = {
  id: "values",
  comment: () => hash,
  mayClaim: isYaml,
  claims: isYaml,
  read: (origin) => {
    const { text } = origin;
    const isEcs = /containerDefinitions\s*:/i.test(text);
    return readAny(origin, text.includes("{{") ? withoutActions(text) : text, isEcs);
  },
};

/** ECS task definitions, and other JSON with names and values. */
export const nameValueJson: Host = {
  id: "json",
  comment: () => undefined,
  mayClaim: isJson,
  claims: isJson,
  read: (origin) => readAny(origin, origin.text, /"containerDefinitions"\s*:/i.test(origin.text)),
};

function readAny(origin: Origin, text: string, isEcs: boolean): Reading {
  const file = parseYaml(origin, text);
  const found: LooseReading = { processes: [], traps: [], embedded: [] };
  for (const document of file.documents) {
    readLoose(rootOf(file, document), looseReader(isEcs ? "ecs" : "none"), found);
  }
  return { ...found, problems: text.includes(hole) ? [] : file.problems };
}
