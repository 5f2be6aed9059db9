import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocks } from "../docs-blocks.ts";

const docs = resolve(import.meta.dirname, "../../docs");
const queries = ["operate.md", "replace-openfn-worker.md"].flatMap((page) =>
  blocks(readFileSync(resolve(docs, page), "utf8"))
    .filter(({ language }) => language === "sql")
    .map(({ marks, text }) => ({ name: marks[0] ?? "", text })),
);

/** The columns that are useful to operators. Source: protocol page, section 6.3. */
const table = `
  CREATE TABLE runs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    queue text NOT NULL DEFAULT 'default',
    state text NOT NULL,
    worker_name text,
    error_type text,
    inserted_at timestamp NOT NULL,
    claimed_at timestamp,
    started_at timestamp,
    finished_at timestamp
  )`;

/** Runs as Lightning would hold them; each time is that many seconds ago. */
const runs: readonly {
  readonly queue: string;
  readonly state: string;
  readonly worker?: string;
  readonly error?: string;
  readonly ago: readonly [inserted: number, claimed?: number, started?: number, finished?: number];
}[] = [
  { queue: "fast_lane", state: "available", ago: [2] },
  { queue: "default", state: "available", ago: [600] },
  { queue: "default", state: "available", ago: [30] },
  { queue: "fast_lane", state: "success", worker: "a", ago: [100, 99, 98, 88] },
  { queue: "fast_lane", state: "success", worker: "canary", ago: [103, 100, 98, 92] },
  { queue: "manual", state: "started", worker: "a", ago: [60, 50, 49] },
  { queue: "manual", state: "claimed", ago: [20, 10] },
  {
    queue: "default",
    state: "lost",
    worker: "a",
    error: "LostAfterStart",
    ago: [4200, 4100, 4000, 60],
  },
  { queue: "default", state: "success", worker: "a", ago: [200_000, 199_000, 198_000, 197_000] },
];

const database = new PGlite();
beforeAll(async () => {
  // A database in another zone than Lightning's must not shift what is waited.
  await database.exec(`SET timezone = 'Africa/Addis_Ababa'; ${table};`);
  const at = (seconds: number | undefined): string =>
    seconds === undefined ? "NULL" : `timezone('utc', now()) - interval '${seconds} seconds'`;
  const text = (value: string | undefined): string => (value === undefined ? "NULL" : `'${value}'`);
  const values = runs.map(({ queue, state, worker, error, ago: [inserted, ...later] }) => {
    const times = [inserted, later[0], later[1], later[2]].map(at);
    return `(${[text(queue), text(state), text(worker), text(error), ...times].join(", ")})`;
  });
  const columns =
    "queue, state, worker_name, error_type, inserted_at, claimed_at, started_at, finished_at";
  await database.exec(`INSERT INTO runs (${columns}) VALUES ${values.join(", ")};`);
}, 60_000);
afterAll(() => database.close());

/** What each query answers over these runs, one line a row. Seconds that pass meanwhile are left out. */
const answers: Readonly<Record<string, readonly string[]>> = {
  "queue-depth": ["default 2 60_", "fast_lane 1 _"],
  "claim-wait": ["fast_lane 2 2.0 2.9 3.0", "manual 2 10.0 10.0 10.0"],
  "held-by-worker": ["(no name) manual 1 1_", "a manual 1 5_"],
  "lost-runs": ["a LostAfterStart 1"],
  canary: [
    "(no name) claimed 1 null",
    "a lost 1 3940.0",
    "a started 1 null",
    "a success 1 10.0",
    "canary success 1 6.0",
  ],
};

test("each query of the pages has an answer here, and no other", () => {
  expect(queries.map(({ name }) => name).sort()).toEqual(Object.keys(answers).sort());
});

test.each(queries)("$name", async ({ name, text }) => {
  const { rows, fields } = await database.query<Record<string, unknown>>(text);
  const lines = rows.map((row) =>
    fields
      .filter((field) => field.name !== "hour")
      .map((field) => {
        const value = String(row[field.name]);
        return /^(oldest_wait_s|oldest_s)$/.test(field.name) ? value.replace(/\d$/, "_") : value;
      })
      .join(" "),
  );
  expect(lines).toEqual(answers[name]);
});

test("no query changes anything", () => {
  for (const { text } of queries) expect(text).toMatch(/^SELECT\b/);
});
