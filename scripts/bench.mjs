// `npm run bench [TOPIC…]`: every bench/TOPIC.bench.ts in a process of its own, since one
// figure's heap and compiled code must not colour the next. A file exports
// `bench(): Promise<Row[]>`. Prints one table; a limit that is missed is marked and, with
// --strict, ends with exit code 1.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { install, root, stage } from "./setup.mjs";

const strict = process.argv.includes("--strict");
const wanted = process.argv.slice(2).filter((a) => !a.startsWith("-"));

const number = (n) =>
  Math.abs(n) >= 100 ? n.toFixed(0) : Math.abs(n) >= 10 ? n.toFixed(1) : n.toFixed(2);

function verdict({ limit, ...row }) {
  if (!limit) return "";
  const value = row[limit.of];
  const met = limit.sense === "at most" ? value <= limit.value : value >= limit.value;
  return `${met ? "met" : "MISSED"} (${limit.of} ${limit.sense} ${limit.value})`;
}

function table(rows) {
  const cells = rows.map((r) => [r.name, number(r.median), number(r.p95), r.unit, verdict(r)]);
  const head = ["figure", "median", "p95", "unit", "limit"];
  const width = head.map((h, i) => Math.max(h.length, ...cells.map((c) => c[i].length)));
  const line = (c) =>
    c
      .map((t, i) => (i === 1 || i === 2 ? t.padStart(width[i]) : t.padEnd(width[i])))
      .join("  ")
      .trimEnd();
  return [head, ...cells].map(line).join("\n");
}

async function measure(topic, folder) {
  const { build: bundle } = await import("esbuild");
  const outfile = join(folder, `${topic}.mjs`);
  await bundle({
    stdin: {
      contents: `import { bench } from "./bench/${topic}.bench.ts"; import { writeFileSync } from "node:fs";\nwriteFileSync(process.argv[2], JSON.stringify(await bench())); process.exit(0);`,
      resolveDir: root,
    },
    absWorkingDir: root,
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "warning",
  });
  const result = join(folder, `${topic}.json`);
  const child = spawnSync(
    process.execPath,
    ["--expose-gc", "--experimental-vm-modules", "--no-warnings", outfile, result],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
  );
  if (child.status !== 0)
    throw new Error(`bench/${topic}.bench.ts ended with ${child.signal ?? child.status}`);
  return JSON.parse(readFileSync(result, "utf8"));
}

install();
await build();
const topics = readdirSync(join(root, "bench"))
  .filter((f) => f.endsWith(".bench.ts"))
  .map((f) => f.slice(0, -".bench.ts".length))
  .filter((t) => wanted.length === 0 || wanted.includes(t));
const folder = join(root, "node_modules", ".cache", "workloops-bench");
mkdirSync(folder, { recursive: true });
const all = [];
for (const topic of topics) {
  stage(topic);
  const rows = await measure(topic, folder);
  console.log(table(rows));
  all.push(...rows.map((r) => ({ topic, ...r })));
}
mkdirSync(join(root, "reports"), { recursive: true });
writeFileSync(
  join(root, "reports", "bench.json"),
  `${JSON.stringify({ node: process.version, rows: all }, null, 2)}\n`,
);
rmSync(folder, { recursive: true, force: true });
const missed = all.filter((r) => verdict(r).startsWith("MISSED"));
console.log(`\n${all.length} figures, ${missed.length} beyond their limit.`);
if (strict && missed.length > 0) process.exit(1);
