import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";
import { lintCommand } from "../../packages/cli/src/commands/lint.ts";

const deploy = resolve(import.meta.dirname, "../../deploy");

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The codes that `workloops lint` finds in a folder, with the file of each. */
async function findings(folder: string): Promise<readonly string[]> {
  let out = "";
  await lintCommand(["--format", "json", "."], {
    out: (text) => {
      out += text;
    },
    err: () => {},
    readStdin: async () => "",
    cwd: folder,
    env: {},
    columns: undefined,
    color: false,
  });
  const { files } = JSON.parse(out) as {
    files: { path: string; diagnostics: { code: string }[] }[];
  };
  return files.flatMap(({ path, diagnostics }) => diagnostics.map(({ code }) => `${path} ${code}`));
}

test("everything in deploy/ is without findings", async () => {
  expect(await findings(deploy)).toEqual([]);
});

/** What the linter would say if a number or a name were less careful: it does read these files. */
test.each([
  ["compose.yaml", "mem_limit: 2800m", "mem_limit: 2799m", "memory-ceiling"],
  ["compose.yaml", "stop_grace_period: 320s", "stop_grace_period: 30s", "stop-grace-short"],
  ["compose.yaml", "workloops:0.1.0", "workloops:latest", "image-unpinned"],
  [
    "kubernetes/worker.yaml",
    "mountPath: /var/lib/workloops/adaptors",
    "mountPath: /elsewhere",
    "adaptors-not-kept",
  ],
  [
    "kubernetes/worker.yaml",
    "mountPath: /var/lib/workloops/state",
    "mountPath: /elsewhere",
    "journal-not-kept",
  ],
  ["compose.yaml", "manual>*:4", "manual>*", "capacity-missing"],
  ["kubernetes/worker.yaml", "memory: 2800Mi", "memory: 2Gi", "memory-ceiling"],
  [
    "kubernetes/worker.yaml",
    "GracePeriodSeconds: 320",
    "GracePeriodSeconds: 30",
    "stop-grace-short",
  ],
  ["kubernetes/worker.yaml", "manual>*:4", "*>manual:4", "wildcard-not-last"],
  ["systemd/workloops-worker.service", "MemoryMax=2800M", "MemoryMax=2G", "memory-ceiling"],
  [
    "systemd/workloops-worker.service",
    "TimeoutStopSec=320",
    "TimeoutStopSec=30",
    "stop-grace-short",
  ],
  ["systemd/workloops-worker.service", "manual>*:4", "manual,*:4", "legacy-comma"],
])("%s with `%s` as `%s`: %s", async (file, written, instead, code) => {
  const folder = mkdtempSync(join(tmpdir(), "workloops-deploy-"));
  made.push(folder);
  cpSync(deploy, folder, { recursive: true });
  const text = readFileSync(join(folder, file), "utf8");
  expect(text).toContain(written);
  writeFileSync(join(folder, file), text.replaceAll(written, instead));
  expect(await findings(folder)).toContain(`${file} ${code}`);
});
