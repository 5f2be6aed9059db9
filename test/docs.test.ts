import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative, resolve } from "node:path";
import { check, parse } from "@workloops/parser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Block, blocks, firstDifference, reasons } from "./docs-blocks.ts";

const root = resolve(import.meta.dirname, "..");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "workloops-docs-"));
  for (const part of ["docs", "deploy", "test/fixtures", "README.md"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a block as a reader would paste it; what it prints on both streams, and its exit code. */
function execute(script: string): { printed: string; code: number | null } {
  const result = spawnSync("sh", ["-c", `exec 2>&1\n${script}`], {
    cwd: folder,
    encoding: "utf8",
    timeout: 15_000,
    env: {
      PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
      HOME: folder,
      LANG: "C.UTF-8",
    },
  });
  return { printed: result.stdout, code: result.status };
}

function shellBlocks(all: readonly Block[]): { block: Block; shown: Block | undefined }[] {
  return all.flatMap((block, index) => {
    if (!["sh", "bash", "shell", "console"].includes(block.language)) return [];
    const next = all[index + 1];
    return [{ block, shown: next?.language === "output" ? next : undefined }];
  });
}

describe.each(pages)("%s", (page) => {
  const all = blocks(readFileSync(join(root, page), "utf8"));

  it("shell blocks run, and print what the page shows", () => {
    for (const { block, shown } of shellBlocks(all)) {
      if (block.marks.some((mark) => mark in reasons)) continue;
      const where = `${relative(root, page)}:${block.line}`;
      const { printed, code } = execute(block.text);
      const expected =
        block.marks.find((mark) => mark.startsWith("exit="))?.slice("exit=".length) ?? "0";
      expect(`${where} exit ${code}\n${code === Number(expected) ? "" : printed}`).toBe(
        `${where} exit ${expected}\n`,
      );
      if (shown !== undefined) {
        const difference = firstDifference(shown.text, printed);
        expect(difference && `${where}: ${difference}\n--- printed\n${printed}`).toBeUndefined();
      }
    }
  });

  it("value blocks give the codes beside them and no other", () => {
    for (const block of all.filter((b) => b.language === "workloops")) {
      const { tree, diagnostics } = parse(block.text);
      const codes = [...diagnostics, ...check(tree, {})].map((d) => d.code);
      expect({ line: block.line, codes: [...new Set(codes)].sort() }).toEqual({
        line: block.line,
        codes: [...block.marks].sort(),
      });
    }
  });
});
