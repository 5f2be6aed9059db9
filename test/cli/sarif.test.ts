import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { applyAll } from "@workloops/language-service";
import { Ajv } from "ajv";
import type { Log } from "sarif";
import { expect, it } from "vitest";
import { copyOf, fixtureProjects, folderWith, service, workloops } from "./run-command.ts";

/** The schema of SARIF 2.1.0 as OASIS published it; of draft 4, which differs from draft 7 in two names only here. */
const published = createRequire(import.meta.url)(
  "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
) as { id: string } & object;
const { id, ...schema } = published;
const validate = new Ajv({
  strict: false,
  allErrors: true,
  // The published pattern of languages has a bracket too many, which only old expressions bear.
  unicodeRegExp: false,
  formats: {
    uri: (text) => URL.canParse(text),
    "uri-reference": (text) =>
      URL.canParse(text, "https://example.org/") && !/[\s<>"{}|\\^`]/.test(text),
    "date-time": (text) => !Number.isNaN(Date.parse(text)),
  },
}).compile({ ...schema, $schema: "http://json-schema.org/draft-07/schema#", $id: id });

async function log(folder: string): Promise<Log> {
  const { out } = await workloops(folder, ["lint", ".", "--format", "sarif"]);
  const found = JSON.parse(out) as Log;
  expect(validate(found), JSON.stringify(validate.errors)).toBe(true);
  return found;
}

it("the schema refuses what is no SARIF", () => {
  const run = { tool: { driver: { name: "x" } }, results: [{ message: { text: "x" } }] };
  expect(validate({ version: "2.1.0", runs: [run] })).toBe(true);
  expect(validate({ version: "2.1.0", runs: [{ ...run, tool: {} }] })).toBe(false);
  expect(validate({ version: "2.1.0", runs: [{ ...run, results: [{}] }] })).toBe(false);
});

it.each(fixtureProjects())("is SARIF 2.1.0 for %s, with every finding", async (project) => {
  const folder = copyOf(project);
  const [run] = (await log(folder)).runs;
  const { out } = await workloops(folder, ["lint", ".", "--format", "json"]);
  const { files } = JSON.parse(out) as { files: { diagnostics: { code: string }[] }[] };
  const codes = files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));
  expect(run?.results?.map(({ ruleId }) => ruleId)).toEqual(codes);
});

it("is SARIF 2.1.0 where a path needs escapes and nothing could be read", async () => {
  const text = service("WORKER_WORKLOOPS: manual>*4");
  const folder = folderWith({
    "a b/ü#%?/compose.yaml": text,
    ".env": Buffer.from([0, 1]),
    "b/lanes\u2028.env": "WORKER_WORKLOOPS=\u0001manual>*4",
  });
  const [run] = (await log(folder)).runs;
  const places = run?.results?.map(
    (r) => r.locations?.[0]?.physicalLocation?.artifactLocation?.uri,
  );
  expect(places).toContain("a%20b/%C3%BC%23%25%3F/compose.yaml");
});

it("has a rule for each result, and related places, fixes and regions that hold together", async () => {
  const folder = copyOf("compose/across-files");
  const [run] = (await log(folder)).runs;
  const rules = new Set(run?.tool.driver.rules?.map(({ id }) => id));
  const results = run?.results ?? [];
  expect(results.length).toBeGreaterThan(3);
  for (const { ruleId, locations, partialFingerprints, relatedLocations } of results) {
    expect(rules.has(ruleId ?? "")).toBe(true);
    expect(Object.values(partialFingerprints ?? {})[0]).toMatch(/^[0-9a-f]{16}$/);
    const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
    const text = readFileSync(
      join(folder, decodeURIComponent(artifactLocation?.uri ?? "")),
      "utf8",
    );
    const line = text.split("\n")[(region?.startLine ?? 0) - 1] ?? "";
    const { charOffset = 0, charLength = 0, startColumn = 0 } = region ?? {};
    expect(line.slice(startColumn - 1)).toContain(
      text.slice(charOffset, charOffset + charLength).split("\n")[0],
    );
    if (ruleId === "capacity-exclusivity") expect(relatedLocations).toHaveLength(1);
  }
  expect(new Set(results.map((r) => Object.values(r.partialFingerprints ?? {})[0])).size).toBe(
    results.length,
  );
});

it("has fingerprints that survive moved lines", async () => {
  const text = service("WORKER_WORKLOOPS: manual>*4");
  const prints = async (content: string) =>
    (await log(folderWith({ "compose.yaml": content }))).runs[0]?.results?.map(
      (r) => r.partialFingerprints,
    );
  expect(await prints(`# moved\n\n${text}`)).toEqual(await prints(text));
  expect(await prints(text.replace("*4", "*5"))).not.toEqual(await prints(text));
});

it("has fixes that mend the file", async () => {
  const text = service('WORKER_WORKLOOPS: "fast_lane:1 manual,*:4"');
  const [run] = (await log(folderWith({ "compose.yaml": text }))).runs;
  const replacements = run?.results?.[0]?.fixes?.[0]?.artifactChanges[0]?.replacements ?? [];
  const edits = replacements.map(
    ({ deletedRegion: { charOffset = 0, charLength = 0 }, insertedContent }) => ({
      span: { start: charOffset, end: charOffset + charLength },
      text: insertedContent?.text ?? "",
    }),
  );
  expect(applyAll(text, edits)).toBe(text.replace(",", ">"));
});

it("tells what was not read", async () => {
  const [run] = (await log(folderWith({ ".env": Buffer.from([0, 1]) }))).runs;
  expect(run?.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toMatch(
    /^\.env is binary/,
  );
});
