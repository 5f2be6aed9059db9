import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { commands } from "../../packages/cli/src/groups/lint.ts";
import type { Io } from "../../packages/cli/src/io.ts";
import { main } from "../../packages/cli/src/main.ts";
import { type Captured, captured } from "./captured.ts";

/** Runs `workloops` in this process; what it prints, and its exit code. */
export const workloops = (
  cwd: string,
  args: readonly string[],
  more: Partial<Io> = {},
): Promise<Captured> =>
  captured((given, io) => main(given, { ...io, ...more }, () => ({ commands })), args, { cwd });

/** A folder with these files, gone after the test. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), "workloops-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A copy of a fixture, so that a command may write into it. */
export function copyOf(fixture: string): string {
  const folder = folderWith({});
  cpSync(join(import.meta.dirname, "../fixtures", fixture), folder, { recursive: true });
  return folder;
}

export const service = (body: string): string => `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    volumes: ["adaptors:/repo"]
    environment:
${body
  .split("\n")
  .map((line) => `      ${line}`)
  .join("\n")}
`;

/** Every project of test/fixtures, as `host/project`. */
export function fixtureProjects(): string[] {
  const root = join(import.meta.dirname, "../fixtures");
  const folders = (path: string) =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? entry.name : [],
    );
  return folders(root).flatMap((host) =>
    folders(join(root, host)).map((project) => `${host}/${project}`),
  );
}
