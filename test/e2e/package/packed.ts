import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll } from "vitest";
import { run } from "../../../scripts/program.mjs";

export const root = resolve(import.meta.dirname, "../../..");

/** A folder of the running test file alone. */
export const folder = mkdtempSync(join(tmpdir(), "workloops-package-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Packs what is published, as it was built, and says where each tarball lies, by its name. */
export async function packed(): Promise<Readonly<Record<string, string>>> {
  const script = pathToFileURL(join(root, "scripts/pack.mjs")).href;
  const out = join(folder, "packed");
  const packing = `import { pack } from ${JSON.stringify(script)}; pack(${JSON.stringify(out)});`;
  await npmOr("node", ["--input-type=module", "-e", packing], root);
  return tarballsIn(out);
}

/** Packs packages of others that are installed here, so that no registry is needed. */
export async function packedOthers(names: readonly string[]): Promise<readonly string[]> {
  const out = join(folder, "others");
  const paths = names.map((name) => join(root, "node_modules", name));
  await npmOr("mkdir", ["-p", out], root);
  await npmOr(
    "npm",
    ["pack", "--silent", "--offline", "--ignore-scripts", `--pack-destination=${out}`, ...paths],
    root,
  );
  return Object.values(tarballsIn(out));
}

/** `npm install` of tarballs, with a cache that holds nothing and no network. */
export async function install(into: string, tarballs: readonly string[]): Promise<void> {
  const cache = `--cache=${join(folder, "empty-cache")}`;
  const quiet = ["--no-fund", "--no-audit", "--loglevel=error"];
  await npmOr("npm", ["install", "--offline", cache, ...quiet, ...tarballs], into);
}

function tarballsIn(out: string): Readonly<Record<string, string>> {
  const files = readdirSync(out).filter((file) => file.endsWith(".tgz"));
  return Object.fromEntries(
    files.map((file) => [file.replace(/-\d.*$/, ""), join(out, file)] as const),
  );
}

async function npmOr(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { code, printed } = await run(command, args, { cwd });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${printed}`);
}
