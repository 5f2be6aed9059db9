import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../../scripts/program.mjs";
import { debianTool } from "./debian-tool.ts";

const unit = readFileSync(
  resolve(import.meta.dirname, "../../../deploy/systemd/workloops-worker.service"),
  "utf8",
);
const folder = mkdtempSync(join(tmpdir(), "workloops-systemd-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let analyze = "";
let libraries = "";
beforeAll(async () => {
  analyze = await debianTool("systemd-analyze", "systemd", "libsystemd-shared");
  const below = dirname(dirname(analyze));
  const { printed } = await run("find", [below, "-name", "libsystemd-shared-*.so"]);
  libraries = dirname(printed.split("\n")[0] ?? "");
});

/** What systemd says of a unit: nothing where it takes all of it. It needs no running systemd. */
async function said(text: string): Promise<string> {
  const path = join(folder, "workloops-worker.service");
  writeFileSync(path, text);
  const env = { LD_LIBRARY_PATH: libraries };
  return (await run(analyze, ["verify", "--man=no", path], { env })).printed;
}

test("systemd takes every line of the unit", async () => {
  expect(await said(unit)).toBe("");
});

test.each([
  ["KillMode=mixed", "KillMode=mixd", "kill mode"],
  ["TimeoutStopSec=320", "TimeoutStopSek=320", "Unknown key"],
  ["ExecStart=/usr/bin/env workloops worker", "ExecStart=/usr/bin/nothing", "not executable"],
])("it would not with `%s` as `%s`", async (written, instead, problem) => {
  expect(unit).toContain(written);
  expect(await said(unit.replace(written, instead))).toContain(problem);
});
