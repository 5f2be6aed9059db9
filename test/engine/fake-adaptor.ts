import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type AdaptorFiles, writeRepo } from "./write-repo.ts";

/** A new repo dir with these adaptors in it; removed after the file's tests. */
export function repoWith(adaptors: readonly AdaptorFiles[]): string {
  const repoDir = mkdtempSync(join(tmpdir(), "workloops-test-repo-"));
  afterAll(() => rmSync(repoDir, { recursive: true, force: true }));
  writeRepo(repoDir, adaptors);
  return repoDir;
}
