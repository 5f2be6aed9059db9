import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { arrows, bannedInPureRooms, outside, pureRooms } from "./arrows.ts";

const root = resolve(import.meta.dirname, "..");

/** Every file that git knows or would add. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));

const read = (file: string): string => readFileSync(join(root, file), "utf8");
const sources = files.filter((file) => /^packages\/[^/]+\/src\/.*\.ts$/.test(file));
const code = files.filter(
  (file) => /\.(ts|mjs|cjs)$/.test(file) && !/fixtures|\.d\.ts$/.test(file),
);

/** `packages/worker/src/core/lane.ts` -> `worker/core/lane.ts`. */
const place = (file: string): string => file.replace("packages/", "").replace("/src/", "/");

/** The longest name in `table` that holds `path`. */
function roomOf(path: string, table: Readonly<Record<string, unknown>>): string {
  const held = Object.keys(table).filter(
    (room) => path === room || path.startsWith(`${room}/`) || path === `${room}.ts`,
  );
  const longest = held.sort((a, b) => b.length - a.length)[0];
  if (longest === undefined) throw new Error(`${path} is in no room of test/arrows.ts`);
  return longest;
}

/** Source without comments, so that a word in a sentence is not taken for a call. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/[^\n]*/g, "$1");

/** What a source imports. Statements start a line, so that the words `from "…"` in a text are none. */
const specifiers = (text: string): string[] =>
  [
    ...withoutComments(text).matchAll(
      /^(?:import\s*|(?:import|export)\b[^;"'`=(]*?\bfrom\s*|.*\bimport\()"([^"]+)"/gm,
    ),
  ].map((m) => m[1] ?? "");

const packageNames = new Map(
  readdirSync(join(root, "packages")).map((folder) => {
    const manifest = JSON.parse(read(`packages/${folder}/package.json`)) as { name: string };
    return [manifest.name, folder] as const;
  }),
);

/** The place that an import points to, or the npm or Node module that it names. */
function target(file: string, specifier: string): { place?: string; module?: string } {
  if (specifier.startsWith(".")) {
    return { place: place(relative(root, resolve(root, dirname(file), specifier))) };
  }
  const name = specifier.startsWith("@")
    ? specifier.split("/").slice(0, 2).join("/")
    : (specifier.split("/")[0] ?? "");
  const folder = packageNames.get(name);
  if (folder === undefined) return { module: specifier.startsWith("node:") ? "node:*" : name };
  const entry = specifier.slice(name.length + 1);
  if (entry === "") return { place: folder };
  const exported = (
    JSON.parse(read(`packages/${folder}/package.json`)) as {
      exports: Record<string, { "workloops-source": string }>;
    }
  ).exports[`./${entry}`];
  if (exported === undefined)
    throw new Error(`${file} imports ${specifier}, which is not exported`);
  return { place: place(`packages/${folder}/${exported["workloops-source"].replace("./", "")}`) };
}

/** Why this import is not allowed, or `undefined`. */
function offence(file: string, specifier: string): string | undefined {
  const from = place(file);
  const room = roomOf(from, arrows);
  const to = target(file, specifier);
  if (to.module !== undefined) {
    const allowed = outside[roomOf(from, outside)] ?? [];
    return allowed.includes(to.module) ? undefined : `${from} imports ${to.module}`;
  }
  const there = to.place ?? "";
  const sameRoom =
    there === room || (there.startsWith(`${room}/`) && roomOf(there, arrows) === room);
  const allowed = (arrows[room] ?? []).some(
    (a) => there === a || there.startsWith(`${a}/`) || there === `${a}/index.ts`,
  );
  return sameRoom || allowed ? undefined : `${from} (${room}) imports ${there}`;
}

describe("arrows", () => {
  it("every import follows an arrow of the table", () => {
    const offences = sources.flatMap((file) =>
      specifiers(read(file)).map((specifier) => offence(file, specifier)),
    );
    expect(offences.filter((o) => o !== undefined)).toEqual([]);
  });

  it("ARCHITECTURE.md names every room of the table", () => {
    const page = read("ARCHITECTURE.md");
    const missing = Object.keys(arrows).filter(
      (room) => !page.includes(room.split("/").at(-1) ?? room),
    );
    expect(missing).toEqual([]);
  });

  it("each export names its source and its build alike", () => {
    for (const folder of packageNames.values()) {
      const manifest = JSON.parse(read(`packages/${folder}/package.json`)) as {
        exports?: Record<string, Record<string, string>>;
      };
      for (const [entry, conditions] of Object.entries(manifest.exports ?? {})) {
        const source = conditions["workloops-source"];
        if (source === undefined) continue;
        const built = source.replace("./src/", "./dist/").replace(/\.ts$/, ".js");
        expect([folder, entry, conditions["default"]]).toEqual([folder, entry, built]);
        expect(existsSync(join(root, "packages", folder, source)), `${folder} ${source}`).toBe(
          true,
        );
      }
    }
  });

  it.each(pureRooms)("%s holds no clock, random, promise or log", (room) => {
    const words = new RegExp(
      `\\b(${bannedInPureRooms.map((w) => w.replace(".", "\\.")).join("|")})\\b`,
    );
    const found = sources
      .filter((file) => place(file) === room || place(file).startsWith(`${room}/`))
      .flatMap((file) =>
        withoutComments(read(file))
          .replace(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'/g, '""')
          .split("\n")
          .filter((line) => words.test(line))
          .map((line) => `${place(file)}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });
});

describe("files", () => {
  it("none is over 400 lines, and the median source is under 100", () => {
    const lines = (file: string) => read(file).split("\n").length - 1;
    expect(code.filter((file) => lines(file) > 400)).toEqual([]);
    const sizes = sources.map(lines).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThan(100);
  });

  it("none is named after nothing", () => {
    const empty = /^(utils?|helpers?|common|manager|types|misc)\.(ts|mjs)$/;
    expect(code.filter((file) => empty.test(basename(file)))).toEqual([]);
  });

  it("sources have named exports only", () => {
    expect(sources.filter((file) => /^export default /m.test(read(file)))).toEqual([]);
  });

  it("no test is skipped or narrowed, and nothing waits for later", () => {
    const self = relative(root, import.meta.filename);
    const weak = /\b(it|test|describe)\.(skip|only|todo)\b|expect\(true\)|\bTODO\b|\bFIXME\b/;
    expect(code.filter((file) => file !== self && weak.test(read(file)))).toEqual([]);
  });

  it("the lock file records no download address", () => {
    expect(read("package-lock.json")).not.toMatch(/"resolved": "https?:/);
  });
});

describe("rules", () => {
  const rules = (folder: string): string[] =>
    files
      .filter((file) => dirname(file) === folder && file.endsWith(".ts"))
      .map((file) => basename(file, ".ts"))
      .filter((name) => read(`${folder}/${name}.ts`).includes(`code: "${name}"`));

  const all = [
    ...rules("packages/parser/src/rules"),
    ...rules("packages/language-service/src/rules"),
  ].sort();

  it("each rule has one page, and each page one rule", () => {
    const pages = files
      .filter((file) => dirname(file) === "docs/rules" && basename(file) !== "README.md")
      .map((file) => basename(file, ".md"));
    expect(pages.sort()).toEqual(all);
  });

  it("each rule has one test of its name", () => {
    const tests = new Set(
      files
        .filter((file) => /^test\/.*rules\/[^/]+\.test\.ts$/.test(file))
        .map((file) => basename(file, ".test.ts")),
    );
    expect(all.filter((rule) => !tests.has(rule))).toEqual([]);
  });

  it("the list of pages names each rule", () => {
    const list = read("docs/rules/README.md");
    expect(all.filter((rule) => !list.includes(`(${rule}.md)`))).toEqual([]);
  });
});

describe("pages", () => {
  const glossary = read("docs/glossary.md");
  const bold = (text: string) => [...text.matchAll(/\*\*([a-z -]+)\*\*/g)].map((m) => m[1]);

  it("the glossary holds each word of the map, once", () => {
    const words = bold(glossary);
    expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
    const map = bold(read("ARCHITECTURE.md").split("## Words")[1] ?? "");
    expect(map.length).toBeGreaterThan(10);
    expect(map.filter((word) => !words.includes(word))).toEqual([]);
  });

  it("each word of the glossary is at home where it says", () => {
    const homes = [...glossary.matchAll(/\| `([^`|]+)` \|$/gm)].map((m) => m[1] ?? "");
    expect(homes.length).toBe(glossary.split("\n").filter((line) => /^\| \*\*/.test(line)).length);
    const lost = homes.filter((home) => {
      const [room, ...rest] = home.split("/");
      return !existsSync(join(root, "packages", room ?? "", "src", ...rest));
    });
    expect(lost).toEqual([]);
  });
});
