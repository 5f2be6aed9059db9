import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { faultTable } from "@workloops/local-lightning";
import { matrix } from "@workloops/simulator";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const write = process.env["WORKLOOPS_WRITE_DOCS"] === "1";

interface Link {
  readonly words: string;
  readonly file: string;
}

/** What is made of the titles themselves. */
const generated = /<!-- faults, generated -->[\s\S]*?<!-- end of faults -->/;

/** Links that a person wrote to test files: their words are the title of a test. */
function testLinks(page: string): readonly Link[] {
  const text = readFileSync(join(root, page), "utf8").replace(generated, "");
  return [...text.matchAll(/\[([^\]]+)\]\(([^)\s]+\.test\.ts)\)/g)].map(
    ([, words = "", target = ""]) => ({ words, file: join(dirname(page), target) }),
  );
}

/** A title, or a row's name where the tests of a table are called `%s`: written in the file, or in one that it imports. */
function isTitleIn(file: string, words: string): boolean {
  const source = readFileSync(join(root, file), "utf8");
  const tables = [...source.matchAll(/ from "(\.[^"]+)"/g)]
    .map(([, path = ""]) => join(root, dirname(file), path))
    .map((path) => readFileSync(path, "utf8"));
  const titles = ['"', "`"].map((quote) => quote + words + quote);
  return [source, ...tables].some((text) => titles.some((title) => text.includes(title)));
}

describe.each(["docs/security.md", "docs/reliability.md"])("%s", (page) => {
  it("names tests that there are", () => {
    const links = testLinks(page);
    expect(links.length).toBeGreaterThan(10);
    const missing = links.filter(({ words, file }) => !isTitleIn(file, words));
    expect(missing).toEqual([]);
  });
});

/** What tests are called, from vitest itself: titles of tables are written out. */
function titlesIn(folder: string, config: string): readonly { name: string; file: string }[] {
  if (!existsSync(join(root, folder))) return [];
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "list", folder, "--config", config, "--json"];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  const titles = JSON.parse(stdout.slice(stdout.indexOf("["))) as { name: string; file: string }[];
  // Vitest lists files by what it remembers of their last run.
  return titles.sort((a, b) => (a.file < b.file ? -1 : Number(a.file > b.file)));
}

/** The rows of the matrix that a test is about, and what it says of them. */
type Rows = (name: string) => { readonly rows: readonly number[]; readonly title: string };

/** `fault N: what happens`. */
const byNumber: Rows = (name) => {
  const [, row, title = ""] = /(?:^| > )fault (\d+): (.+)$/.exec(name) ?? [];
  return { rows: row === undefined ? [] : [Number(row)], title };
};

/** Tests of the local Lightning's faults are called by the kind of the fault, which is first of all for one row. */
const byKind: Rows = (name) => {
  const title = name.split(" > ").at(-1) ?? "";
  const rows = faultTable.find(({ kind }) => kind === title)?.matrix.slice(0, 1);
  return rows === undefined ? byNumber(name) : { rows, title };
};

type Shown = ReadonlyMap<number, readonly string[]>;

/** The tests of each row, as links. */
function shownBy(folder: string, config: string, rowsOf: Rows): Shown {
  const shown = new Map<number, string[]>();
  for (const { name, file } of titlesIn(folder, config)) {
    const { rows, title } = rowsOf(name);
    const link = `[${title.replaceAll("|", "\\|")}](${relative(join(root, "docs"), file)})`;
    for (const row of rows) shown.set(row, [...(shown.get(row) ?? []), link]);
  }
  return shown;
}

/** `WORKLOOPS_WRITE_DOCS=1 npx vitest run shown-by` writes the table; otherwise it is compared. */
describe("the table of faults", () => {
  const unit = "vitest.config.ts";
  const simulated = shownBy("test/simulator", unit, byNumber);
  const socket = shownBy("test/worker/socket/faults.test.ts", unit, byKind);
  const real = shownBy("test/faults", "vitest.faults.config.ts", byNumber);

  it("is made of the titles of the tests", () => {
    const rows = matrix.map(({ row, fault, survives }) => {
      const cell = (...of: readonly Shown[]) =>
        of.flatMap((shown) => shown.get(row) ?? []).join("<br>") || "none";
      return `| ${row} | ${fault} | ${survives} | ${cell(simulated)} | ${cell(real, socket)} |`;
    });
    const table = [
      "| # | fault | what happens | simulated | real |",
      "|--:|---|---|---|---|",
      ...rows,
    ];
    const section = `<!-- faults, generated -->\n\n${table.join("\n")}\n\n<!-- end of faults -->`;
    const page = join(root, "docs/reliability.md");
    const before = readFileSync(page, "utf8");
    if (write)
      writeFileSync(
        page,
        before.replace(generated, () => section),
      );
    expect(generated.exec(readFileSync(page, "utf8"))?.[0]).toBe(section);
  });

  it("has each row in the seeded world, and holds no row that there is not", () => {
    const known = matrix.map(({ row }) => row);
    expect([...simulated.keys()].sort((a, b) => a - b)).toEqual(known);
    expect([...real.keys()].filter((row) => !known.includes(row))).toEqual([]);
  });
});
