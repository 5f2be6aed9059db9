import { filesBefore, projectEnvironment, withEnvironment } from "./compose-project.ts";
import { openDocument } from "./document.ts";
import { readEnvFile } from "./hosts/dotenv.ts";
import { readWorkloopsFile } from "./hosts/workloops-file.ts";
import { type Given, type Link, type Process, variable } from "./process.ts";
import { fileOrigin } from "./region.ts";
import type { Workspace } from "./workspace.ts";

/** A service may extend one that extends one; a circle ends here too. */
const mostLinks = 8;

/**
 * A process with what other files give to it, weakest first: what its image sets, what it is
 * laid over or extends, its env files, then what stands at its own place. A file that cannot
 * be read gives nothing.
 */
export async function resolveProcess(
  process: Process,
  siblings: readonly Process[],
  workspace: Workspace,
  depth = 0,
): Promise<Process> {
  if (depth > mostLinks) return process;
  const composed = process.platform === "compose";
  if (process.links.length === 0 && !composed) {
    return withFiles(await withKeys(process, siblings, workspace), workspace);
  }
  const environment = composed ? await projectEnvironment(process.uri, workspace) : new Map();
  const links = [...earlier(process, filesBefore(process.uri, environment)), ...process.links];
  const given: Given[] = [];
  let found: Process = process;
  for (const kind of order) {
    for (const link of links) {
      if (link.kind !== kind) continue;
      const base = await follow(process, link, siblings, workspace, depth);
      given.push(...base.given);
      if (base.base !== undefined) found = inherit(found, base.base);
    }
  }
  const whole = { ...found, given: [...shown(given, process), ...process.given] };
  const keyed = await withKeys(withEnvironment(whole, environment), siblings, workspace);
  return withFiles(keyed, workspace);
}

/** The values that `valueFrom` takes from a key of a ConfigMap or Secret; what is not found stays unknown. */
async function withKeys(
  process: Process,
  siblings: readonly Process[],
  workspace: Workspace,
): Promise<Process> {
  if (!process.given.some(({ source }) => source !== undefined)) return process;
  const given: Given[] = [];
  for (const one of process.given) {
    const { source } = one;
    const holder =
      source &&
      (await objectNamed(process.uri, `${source.object} ${source.name}`, siblings, workspace));
    const found = holder?.given.findLast(({ name }) => name === source?.key)?.value;
    given.push(found === undefined ? one : { ...one, value: found });
  }
  return { ...process, given };
}

/** `@FILE` stands for the value in that file; where it cannot be read, the value stays unknown. */
async function withFiles(process: Process, workspace: Workspace): Promise<Process> {
  if (!process.given.some(isFile)) return process;
  const given: Given[] = [];
  for (const one of process.given) {
    const uri = isFile(one) ? workspace.resolve(one.uri, one.value?.text.slice(1) ?? "") : "";
    const text = uri === "" ? undefined : await workspace.read(uri);
    const value = text === undefined ? one.value : readWorkloopsFile(fileOrigin(uri, text));
    given.push({ ...one, value });
  }
  return { ...process, given };
}

function isFile({ option, value }: Given): boolean {
  return option === "workloops" && value?.certainty === "exact" && value.text.startsWith("@");
}

const order: readonly Link["kind"][] = ["dockerfile", "service", "object", "env-file"];

/** The same service in files that this one is laid over. */
function earlier({ name, span }: Process, files: readonly string[]): Link[] {
  const service = name.replace(/^service /, "");
  return files.map((path) => ({ kind: "service", path, service, span }));
}

/** What is left of the files below where this place takes some of it back. */
function shown(given: readonly Given[], { hides }: Process): Given[] {
  return given.filter(({ by, name }) =>
    by === "flag" ? !hides.command : !hides.environment && !hides.names.includes(name),
  );
}

interface Followed {
  readonly given: readonly Given[];
  readonly base?: Process | undefined;
}

const none: Followed = { given: [] };

/** What a service that extends another takes over where it says nothing itself. */
function inherit(own: Process, base: Process): Process {
  return {
    ...own,
    image: own.image ?? base.image,
    memoryLimit: own.memoryLimit ?? base.memoryLimit,
    stopGrace: own.stopGrace ?? base.stopGrace,
    replicas: own.replicas ?? base.replicas,
    kept: own.kept === undefined ? base.kept : [...own.kept, ...(base.kept ?? [])],
  };
}

async function follow(
  process: Process,
  link: Link,
  siblings: readonly Process[],
  workspace: Workspace,
  depth: number,
): Promise<Followed> {
  switch (link.kind) {
    case "object": {
      const named = await objectNamed(
        process.uri,
        `${link.object} ${link.name}`,
        siblings,
        workspace,
      );
      if (named === undefined) return none;
      // Behind a prefix a key is another variable, which may or may not be one of a worker's.
      const given = named.given.map((one) =>
        link.prefix === "" ? one : variable({ ...one, name: link.prefix + one.name }),
      );
      return { given: given.map((one) => ({ ...one, from: named.name })) };
    }
    case "service": {
      const others =
        link.path === undefined ? siblings : await processesIn(process.uri, link.path, workspace);
      const base = others.find(({ name }) =>
        [`service ${link.service}`, `unit ${link.service}`].includes(name),
      );
      if (base === undefined || base === process) return none;
      const resolved = await resolveProcess(base, others, workspace, depth + 1);
      return { given: resolved.given, base: resolved };
    }
    case "include":
      return none;
    case "env-file": {
      const uri = workspace.resolve(process.uri, link.path);
      const text = await workspace.read(uri);
      if (text === undefined) return none;
      const { given } = readEnvFile(fileOrigin(uri, text), link.dialect);
      const from = `env_file ${link.path}`;
      const isShared = siblings.some(
        ({ name, links }) => name !== process.name && links.some((other) => isSame(link, other)),
      );
      return { given: given.map((one) => ({ ...one, from, isShared })) };
    }
    case "dockerfile": {
      const stages = (await processesIn(process.uri, link.path, workspace)).filter(({ name }) =>
        name.startsWith("stage"),
      );
      // The last stage is the image where none is named, by its name or by its number.
      const named = stages.find(({ name }) => name === `stage ${link.stage}`);
      const image = link.stage === undefined ? stages.at(-1) : named;
      return {
        given: (image?.given ?? []).map((one) => ({ ...one, from: `${link.path} ${one.from}` })),
      };
    }
  }
}

function isSame(link: Link & { readonly kind: "env-file" }, other: Link): boolean {
  return other.kind === "env-file" && other.path === link.path;
}

async function processesIn(
  base: string,
  path: string,
  workspace: Workspace,
): Promise<readonly Process[]> {
  const uri = workspace.resolve(base, path);
  const text = await workspace.read(uri);
  return text === undefined ? [] : openDocument(uri, text).processes;
}

/** Files of one folder that are looked into for an object. */
const mostFiles = 200;

/** A ConfigMap or Secret of this name: in the same file, else in another manifest of the folder. */
async function objectNamed(
  uri: string,
  name: string,
  siblings: readonly Process[],
  workspace: Workspace,
): Promise<Process | undefined> {
  const here = siblings.find((other) => other.name === name);
  if (here !== undefined) return here;
  const files = (await workspace.list(uri)).filter((file) => file !== uri && /\.ya?ml$/.test(file));
  for (const file of files.slice(0, mostFiles)) {
    const text = await workspace.read(file);
    if (text === undefined || !text.includes(name.slice(name.indexOf(" ") + 1))) continue;
    const found = openDocument(file, text).processes.find((other) => other.name === name);
    if (found === undefined) continue;
    return resolveProcess(found, [], workspace, 1);
  }
  return undefined;
}
