import { readFileSync } from "node:fs";
import { initialState, snapshot } from "@workloops/worker/core";
import { expect, test } from "vitest";
import { createMetrics } from "../../../packages/worker/src/ops/metrics.ts";
import { settingsOf } from "../core/scripted-worker.ts";

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const page = read("docs/operate.md");

test("docs/operate.md has a row for each metric, and no other", async () => {
  const state = initialState(settingsOf("*:1"), [1, 1, 1, 1]);
  const { text } = createMetrics(["*"], "1", () => snapshot(state, 0));
  const names = [...(await text()).matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]);
  const rows = [...page.matchAll(/^\| `(workloops_\w+)` \|/gm)].map((match) => match[1]);
  expect(rows.sort()).toEqual(names.sort());
});

test("docs/operate.md says for each alert what to do", () => {
  const alerts = [...read("deploy/grafana/alerts.yaml").matchAll(/- alert: (\w+)/g)].map(
    (match) => match[1],
  );
  const rows = [...page.matchAll(/^\| (Workloops\w+) \|/gm)].map((match) => match[1]);
  expect(rows.sort()).toEqual(alerts.sort());
});

test("each sentence of the page about a lane is one that the worker says", () => {
  const source = read("packages/worker/src/core/snapshot.ts");
  for (const sentence of [
    "full: all",
    "the server had nothing for it",
    "its last claim was refused",
    "its claim is unanswered for",
    "the worker has not joined Lightning's queue",
    "polling is off",
    "the worker is draining",
  ]) {
    expect(page).toContain(sentence);
    expect(source).toContain(sentence);
  }
});
