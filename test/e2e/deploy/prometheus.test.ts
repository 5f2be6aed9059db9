import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { run } from "../../../scripts/program.mjs";
import { dashboard, filled, grafana } from "../../deploy/promql.ts";
import { debianTool } from "./debian-tool.ts";

const folder = mkdtempSync(join(tmpdir(), "workloops-prometheus-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let promtool = "";
beforeAll(async () => {
  promtool = await debianTool("promtool", "prometheus");
});

test("Prometheus takes the configuration with the alert rules", async () => {
  const file = join(grafana, "prometheus.yaml");
  const { code, printed } = await run(promtool, ["check", "config", file]);
  expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining("SUCCESS") });
});

test("each alert fires when it should, and not otherwise", async () => {
  const { code, printed } = await run(promtool, ["test", "rules", "alerts.test.yaml"], {
    cwd: grafana,
  });
  expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining("SUCCESS") });
});

test("Prometheus takes every expression of the dashboard", async () => {
  const rules = dashboard().panels.flatMap(({ targets }) =>
    targets.map(({ expr }, index) => ({ record: `panel_${index}`, expr: filled(expr) })),
  );
  const file = join(folder, "dashboard.yaml");
  // A name with different expressions is a warning of its own; each rule stands in its group.
  const groups = rules.map((rule, index) => ({ name: `panel ${index}`, rules: [rule] }));
  writeFileSync(file, stringify({ groups }));
  const { code, printed } = await run(promtool, ["check", "rules", "--lint=none", file]);
  expect({ code, printed }).toEqual({
    code: 0,
    printed: expect.stringContaining(`SUCCESS: ${rules.length} rules found`),
  });
});
