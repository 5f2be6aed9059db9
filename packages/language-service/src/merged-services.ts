import { openDocument } from "./document.ts";
import type { Link, Process } from "./process.ts";
import { resolveProcess } from "./resolve-process.ts";
import type { Workspace } from "./workspace.ts";

/** The services of compose files that are laid over each other, the first file first. */
export async function mergedServices(
  files: readonly string[],
  workspace: Workspace,
): Promise<Process[]> {
  const merged = new Map<string, Process>();
  const before: string[] = [];
  for (const file of files) {
    const text = await workspace.read(file);
    const { processes } = text === undefined ? { processes: [] } : openDocument(file, text);
    for (const process of processes.filter(({ platform }) => platform === "compose")) {
      const service = process.name.replace(/^service /, "");
      const links = before.map(
        (path): Link => ({ kind: "service", path, service, span: process.span }),
      );
      const whole = { ...process, links: [...links, ...process.links] };
      merged.set(process.name, await resolveProcess(whole, processes, absolute(workspace, before)));
    }
    before.push(file);
  }
  return [...merged.values()];
}

/** The files themselves are URIs already; what they name is seen from them. */
function absolute(workspace: Workspace, files: readonly string[]): Workspace {
  const resolve = (base: string, path: string) =>
    files.includes(path) ? path : workspace.resolve(base, path);
  return { ...workspace, resolve };
}
