import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { TestProject } from "vitest/node";
import { run } from "../../scripts/program.mjs";

declare module "vitest" {
  interface ProvidedContext {
    /** The command `workloops` as npm would install it: unpacked from its tarball, outside of the repository. */
    readonly command: string;
  }
}

const root = resolve(import.meta.dirname, "../..");

/** Packs the command once for all end-to-end tests; what they start is what is published. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "workloops-command-"));
  const script = pathToFileURL(join(root, "scripts/pack.mjs")).href;
  const packing = `import { unpackCommand } from ${JSON.stringify(script)}; unpackCommand(${JSON.stringify(folder)});`;
  const { code, printed } = await run("node", ["--input-type=module", "-e", packing], {
    cwd: root,
  });
  if (code !== 0) throw new Error(`the command cannot be packed (${code}):\n${printed}`);
  project.provide("command", join(folder, "unpacked/package/bin/workloops.cjs"));
  return () => rmSync(folder, { recursive: true, force: true });
}
