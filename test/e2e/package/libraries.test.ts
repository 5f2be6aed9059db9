import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../../scripts/program.mjs";
import { blocks } from "../../docs-blocks.ts";
import { folder, install, packed, packedOthers, root } from "./packed.ts";

const site = join(folder, "site");

interface Manifest {
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, "package.json"), "utf8")) as Manifest;
}

/** Names of packages of others that a package needs, with those that these need. */
function othersOf(path: string): readonly string[] {
  const direct = Object.keys(manifest(path).dependencies ?? {}).filter(
    (name) => !name.startsWith("@workloops/"),
  );
  return direct.flatMap((name) => [name, ...othersOf(join(root, "node_modules", name))]);
}

beforeAll(async () => {
  const tarballs = await packed();
  const others = await packedOthers([
    ...new Set(othersOf(join(root, "packages/language-service"))),
  ]);
  mkdirSync(site);
  const ours = ["workloops-parser", "workloops-language-service"].map(
    (name) => tarballs[name] ?? "",
  );
  await install(site, [...ours, ...others]);
  writeFileSync(join(site, "package.json"), '{ "type": "module" }\n');
});

describe.each(["parser", "language-service"])("@workloops/%s", (name) => {
  const at = join(site, "node_modules/@workloops", name);

  test("each entry of its exports is there", () => {
    for (const conditions of Object.values(manifest(at).exports)) {
      for (const [condition, file] of Object.entries(conditions)) {
        expect({ condition, file, exists: existsSync(join(at, file)) }).toEqual({
          condition,
          file,
          exists: true,
        });
      }
    }
  });

  test("the example of its page prints what the page shows", async () => {
    const all = blocks(readFileSync(join(at, "README.md"), "utf8"));
    const example = all.find(({ language }) => language === "js")?.text ?? "";
    const shown = all.find(({ language }) => language === "output")?.text ?? "";
    writeFileSync(join(site, `${name}.js`), example);
    expect(await run("node", [`${name}.js`], { cwd: site })).toEqual({
      code: 0,
      printed: `${shown}\n`,
    });
  });

  test("its types are there for a strict program", async () => {
    const source = `import * as all from "@workloops/${name}";\nexport const names: string[] = Object.keys(all);\n`;
    const wrong = `import { nothingOfThisName } from "@workloops/${name}";\nexport default nothingOfThisName;\n`;
    writeFileSync(join(site, `${name}.ts`), source);
    writeFileSync(join(site, `${name}-wrong.ts`), wrong);
    const tsc = join(root, "node_modules/.bin/tsc");
    const strict = ["--noEmit", "--strict", "--skipLibCheck", "false", "--module", "nodenext"];
    const check = (file: string) => run(tsc, [...strict, file], { cwd: site });
    expect(await check(`${name}.ts`)).toEqual({ code: 0, printed: "" });
    expect((await check(`${name}-wrong.ts`)).printed).toContain("nothingOfThisName");
  });
});
