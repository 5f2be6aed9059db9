import { readFileSync } from "node:fs";
import { join } from "node:path";
import { applyAll } from "@workloops/language-service";
import type { Log } from "sarif";
import { expect, it } from "vitest";
import { copyOf, folderWith, service, workloops } from "./run-command.ts";

async function log(folder: string): Promise<Log> {
  const { out } = await workloops(folder, ["lint", ".", "--format", "sarif"]);
  return JSON.parse(out) as Log;
}

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
