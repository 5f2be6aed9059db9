import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { TestProject } from "vitest/node";
import { run } from "./program.ts";

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
  const packing = `import { pack } from ${JSON.stringify(script)}; pack(${JSON.stringify(folder)}, ["packages/cli"]);`;
  await must("node", ["--input-type=module", "-e", packing]);
  const tarball = readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "";
  mkdirSync(join(folder, "unpacked"));
  await must("tar", ["-xzf", join(folder, tarball), "-C", join(folder, "unpacked")]);
  project.provide("command", join(folder, "unpacked/package/bin/workloops.cjs"));
  return () => rmSync(folder, { recursive: true, force: true });
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, printed } = await run(command, args, { cwd: root });
  if (code !== 0) throw new Error(`${command} ended with ${code}:\n${printed}`);
}
