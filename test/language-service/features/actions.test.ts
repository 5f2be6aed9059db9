import { actions, diagnose, fixAll, migrate, openDocument } from "@workloops/language-service";
import { describe, expect, test } from "vitest";
import { edited } from "./cursor.ts";

async function offered(uri: string, text: string, at?: string) {
  const document = openDocument(uri, text);
  const start = at === undefined ? 0 : text.indexOf(at);
  const findings = await diagnose(document);
  const found = actions(document, { start, end: start + (at?.length ?? 0) }, findings);
  return found.map((action) => ({
    ...action,
    after: edited(text, action.edits.get(uri) ?? []),
  }));
}

const env = "file:///p/.env";

describe("quick fixes", () => {
  test.each([
    [
      "a forgotten colon",
      "WORKER_WORKLOOPS='fast_lane:1 manual>*4'\n",
      "manual>*4",
      "WORKER_WORKLOOPS='fast_lane:1 manual>*:4'\n",
    ],
    [
      "the draft's comma",
      "WORKER_WORKLOOPS='manual,*:4'\n",
      "manual",
      "WORKER_WORKLOOPS='manual>*:4'\n",
    ],
    [
      "a space in a name",
      "WORKER_WORKLOOPS='fast lane:1'\n",
      "fast",
      "WORKER_WORKLOOPS='fast_lane:1'\n",
    ],
  ])("%s: the cheapest repair comes first and is preferred", async (_, text, at, after) => {
    const [first, ...rest] = (await offered(env, text, at)).filter(
      ({ kind }) => kind === "quickfix",
    );
    expect(first).toMatchObject({ after, preferred: true });
    expect(rest.every(({ after: other }) => other !== after)).toBe(true);
  });

  test("none where the cursor is elsewhere", async () => {
    const found = await offered(env, "A=1\nWORKER_WORKLOOPS='manual>*4'\n", "A=1");
    expect(found.filter(({ kind }) => kind === "quickfix")).toEqual([]);
  });
});

describe("source actions", () => {
  test("format leaves all other bytes alone", async () => {
    const text = "A=  1\nWORKER_WORKLOOPS='a:1   *:4'\n";
    const found = (await offered(env, text)).find(({ kind }) => kind === "source.format.workloops");
    expect(found?.after).toBe("A=  1\nWORKER_WORKLOOPS='a:1 *:4'\n");
  });

  test("fix all takes only fixes after which each process receives what was meant", async () => {
    const document = openDocument(env, "WORKER_WORKLOOPS='manual,*:4'\n");
    const findings = await diagnose(document);
    for (const edits of fixAll(findings).values()) expect(edits.length).toBeGreaterThan(0);
    const meanings = findings.flatMap(({ fixes }) => fixes.map(({ meaning }) => meaning));
    const keeps = meanings.filter((meaning) => meaning === "keeps").length;
    expect(fixAll(findings).size).toBe(keeps > 0 ? 1 : 0);
  });
});

const worker = (lines: string) =>
  `services:\n  w:\n    image: openfn/ws-worker:v1.25.0\n    environment:\n${lines}`;

describe("migrate", () => {
  test.each([
    [
      "a capacity in a map",
      "file:///p/compose.yaml",
      worker("      WORKER_CAPACITY: 5\n"),
      worker("      WORKER_WORKLOOPS: manual>*:5\n"),
    ],
    [
      "a capacity in a list",
      "file:///p/compose.yaml",
      worker("      - WORKER_CAPACITY=5\n"),
      worker("      - WORKER_WORKLOOPS=manual>*:5\n"),
    ],
    [
      "a worker that has both",
      "file:///p/compose.yaml",
      worker("      WORKER_CAPACITY: 5\n      WORKER_WORKLOOPS: a:1\n"),
      undefined,
    ],
    [
      "a capacity that is not known",
      "file:///p/compose.yaml",
      worker("      WORKER_CAPACITY: ${N}\n"),
      undefined,
    ],
    ["another program's capacity", env, "WORKER_CAPACITY=5\n", undefined],
    [
      "the draft's comma",
      env,
      "WORKER_WORKLOOPS='manual,*:4'\n",
      "WORKER_WORKLOOPS='manual>*:4'\n",
    ],
  ])("%s", async (_, uri, before, after) => {
    const document = openDocument(uri, before);
    const edits = migrate(document, await diagnose(document)).get(uri) ?? [];
    expect(edited(before, edits)).toBe(after ?? before);
    if (after !== undefined) {
      const again = openDocument(uri, after);
      expect(migrate(again, await diagnose(again)).get(uri) ?? []).toEqual([]);
    }
  });
});
