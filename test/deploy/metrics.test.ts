import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { exposition, labelValues, type Metric } from "./exposition.ts";
import { alertRules, dashboard, groupingsIn, metricsIn } from "./promql.ts";

/** What Prometheus itself adds to each series. */
const scraped = ["job", "instance"];
const operate = readFileSync(resolve(import.meta.dirname, "../../docs/operate.md"), "utf8");

let exposed: ReadonlyMap<string, Metric> = new Map();
beforeAll(async () => {
  exposed = await exposition();
});

/** What an expression reads that the worker does not have. */
function strange(expr: string): readonly string[] {
  const read = metricsIn(expr);
  const names = read.map(({ name }) => name).filter((name) => !exposed.has(name));
  const known = new Set([
    ...scraped,
    "le",
    ...read.flatMap(({ name }) => exposed.get(name)?.labels ?? []),
  ]);
  const groupings = groupingsIn(expr).filter((label) => !known.has(label));
  const matchers = read.flatMap(({ name, matchers }) =>
    matchers.flatMap(({ label, value }) => {
      const values = labelValues[`${name} ${label}`];
      const labels = [...scraped, ...(exposed.get(name)?.labels ?? [])];
      if (!labels.includes(label)) return [`${name}{${label}}`];
      const wanted = values === undefined ? [] : value.split("|");
      return wanted.filter((one) => !values?.includes(one)).map((one) => `${label}="${one}"`);
    }),
  );
  return [...names, ...groupings, ...matchers];
}

describe("alert rules", () => {
  test.each(alertRules().map(({ alert, expr }) => ({ alert, expr })))(
    "$alert reads what the worker exposes",
    ({ expr }) => {
      expect(metricsIn(expr).length).toBeGreaterThan(0);
      expect(strange(expr)).toEqual([]);
    },
  );

  test("each has a severity, a sentence, and a row in docs/operate.md", () => {
    for (const { labels, annotations } of alertRules()) {
      expect(["critical", "warning"]).toContain(labels["severity"]);
      expect(annotations["summary"]).toMatch(/\.$/);
    }
    const rows = [...operate.matchAll(/^\| (Workloops\w+) \| .{40}/gm)].map(([, name]) => name);
    expect(rows).toEqual(alertRules().map(({ alert }) => alert));
  });
});

describe("dashboard", () => {
  test.each(dashboard().panels)("$title reads what the worker exposes", ({ targets }) => {
    for (const { expr } of targets) {
      expect(metricsIn(expr).length).toBeGreaterThan(0);
      expect(strange(expr)).toEqual([]);
    }
  });

  test("its variables come from what the worker exposes", () => {
    const queries = dashboard().templating.list.flatMap(({ query }) =>
      typeof query === "string" ? [] : [query.query],
    );
    expect(queries.length).toBe(3);
    for (const query of queries) expect(strange(query)).toEqual([]);
  });

  test("no panel lies over another, or beside the grid", () => {
    const cells = dashboard().panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
      expect({ title, fits: x + w <= 24 }).toEqual({ title, fits: true });
      return Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  test("together with the alerts it reads every metric there is", () => {
    const all = [
      ...dashboard().panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...alertRules().map(({ expr }) => expr),
    ];
    const read = new Set(all.flatMap(metricsIn).map(({ name }) => name));
    expect([...exposed.keys()].filter((name) => !read.has(name))).toEqual([]);
  });
});

test("the table of docs/operate.md is what the worker exposes", () => {
  const rows = [...operate.matchAll(/^\| `(workloops_\w+)` \| (\w+) \| ([^|]*) \| ([^|]*) \|$/gm)];
  const table = rows.map(([, name = "", type = "", labels = "", help = ""]) => ({
    name,
    type,
    labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label),
    help: help.trim(),
  }));
  expect(table).toEqual(
    [...exposed].map(([name, { type, labels, help }]) => ({ name, type, labels, help })),
  );
});
