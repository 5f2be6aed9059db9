import { openDocument } from "./document.ts";
import { readEnvFile } from "./hosts/dotenv.ts";
import type { Given, Link, Process } from "./process.ts";
import { fileOrigin } from "./region.ts";
import type { Workspace } from "./workspace.ts";

/** A service may extend one that extends one; a circle ends here too. */
const mostLinks = 8;

/**
 * A process with what other files give to it, weakest first: what its image sets, what it
 * extends, its env files, then what stands at its own place. A file that cannot be read
 * gives nothing.
 */
export async function resolveProcess(
  process: Process,
  siblings: readonly Process[],
  workspace: Workspace,
  depth = 0,
): Promise<Process> {
  if (process.links.length === 0 || depth > mostLinks) return process;
  const given: Given[] = [];
  let found: Process = process;
  for (const kind of order) {
    for (const link of process.links) {
      if (link.kind !== kind) continue;
      const base = await follow(process, link, siblings, workspace, depth);
      given.push(...base.given);
      if (link.kind === "service" && base.base !== undefined) found = inherit(found, base.base);
    }
  }
  return { ...found, given: [...given, ...process.given], links: process.links };
}

const order: readonly Link["kind"][] = ["dockerfile", "service", "object", "env-file"];

interface Followed {
  readonly given: readonly Given[];
  readonly base?: Process | undefined;
}

/** What a service that extends another takes over where it says nothing itself. */
function inherit(own: Process, base: Process): Process {
  return {
    ...own,
    image: own.image ?? base.image,
    memoryLimit: own.memoryLimit ?? base.memoryLimit,
    stopGrace: own.stopGrace ?? base.stopGrace,
    replicas: own.replicas ?? base.replicas,
  };
}

async function follow(
  process: Process,
  link: Link,
  siblings: readonly Process[],
  workspace: Workspace,
  depth: number,
): Promise<Followed> {
  if (link.kind === "object") {
    const named = siblings.find((other) => other.name === `${link.object} ${link.name}`);
    return { given: (named?.given ?? []).map((given) => ({ ...given, from: named?.name ?? "" })) };
  }
  if (link.kind === "service" && link.path === undefined) {
    const base = siblings.find((other) => other.name === `service ${link.service}`);
    if (base === undefined || base === process) return { given: [] };
    const resolved = await resolveProcess(base, siblings, workspace, depth + 1);
    return { given: resolved.given, base: resolved };
  }
  const uri = workspace.resolve(process.uri, link.path ?? "");
  const text = await workspace.read(uri);
  if (text === undefined) return { given: [] };
  if (link.kind === "env-file") {
    const { given } = readEnvFile(fileOrigin(uri, text), link.dialect);
    return { given: given.map((found) => ({ ...found, from: `env_file ${link.path}` })) };
  }
  const other = openDocument(uri, text).processes;
  if (link.kind !== "service") {
    return {
      given: other.flatMap((found) => found.given.map((g) => ({ ...g, from: `${link.path} ENV` }))),
    };
  }
  const base = other.find((found) => found.name === `service ${link.service}`);
  if (base === undefined) return { given: [] };
  const resolved = await resolveProcess(base, other, workspace, depth + 1);
  return { given: resolved.given, base: resolved };
}
