import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "../../../scripts/program.mjs";

const cache = resolve(import.meta.dirname, "../../../node_modules/.cache/debian");

/**
 * The path of a program of a Debian package. Where it is not installed, the package is unpacked
 * into a folder of its own, with others that it needs, so that nothing of it is configured or
 * started.
 */
export async function debianTool(
  program: string,
  name: string,
  ...needed: readonly string[]
): Promise<string> {
  const installed = await run("which", [program]);
  if (installed.code === 0) return installed.printed.trim();
  const folder = join(cache, name);
  const path = join(folder, "usr/bin", program);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const script = `apt-get update -qq && apt-get download -qq ${[name, ...needed].join(" ")} && for deb in *.deb; do dpkg -x $deb .; done`;
  const { code, printed } = await run("sh", ["-c", script], { cwd: folder });
  if (code !== 0 || !existsSync(path)) {
    throw new Error(`${program} is needed, and Debian's ${name} cannot be had:\n${printed}`);
  }
  return path;
}
