import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { diagnose, openDocument } from "@workloops/language-service";
import { parseAllDocuments } from "yaml";
import { percentile, type Row, row } from "./measure.ts";

const command = "packages/cli/bin/workloops.cjs";

/** A tree of `count` files, 100 to a folder, of which one in a hundred holds a value. */
function plant(root: string, count: number): void {
  const filler = "key: value\nlist:\n  - one\n  - two\n".repeat(40);
  for (let i = 0; i < count; i += 1) {
    const folder = join(root, `d${Math.floor(i / 1000)}`, `e${Math.floor(i / 100) % 10}`);
    if (i % 100 === 0) mkdirSync(folder, { recursive: true });
    const holds = i % 100 === 50;
    const value = `services:\n  w:\n    stop_grace_period: 310s\n    environment:\n      WORKER_WORKLOOPS: fast_lane:1 manual>*:4\n`;
    writeFileSync(join(folder, `f${i}.yaml`), holds ? `${filler}${value}` : filler);
  }
}

/** What any program must do that looks into every file: walk, read, search bytes. */
const bareScan = `
const { readdirSync, readFileSync } = require("node:fs");
let found = 0;
(function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = folder + "/" + entry.name;
    if (entry.isDirectory()) walk(path);
    else if (readFileSync(path).includes("WORKLOOPS")) found += 1;
  }
})(process.argv[1]);
`;

function milliseconds(program: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, [...args], { encoding: "utf8" });
  const took = performance.now() - start;
  if (status === null || status > 1) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return took;
}

/** Runs several programs in turns, so that what else the machine does meets all of them alike. */
function inTurns(
  times: number,
  programs: Readonly<Record<string, () => number>>,
): Record<string, number[]> {
  const samples: Record<string, number[]> = Object.fromEntries(
    Object.keys(programs).map((name) => [name, []]),
  );
  for (let i = 0; i <= times; i += 1) {
    for (const [name, run] of Object.entries(programs)) {
      const took = run();
      // The first turn warms the caches of the file system.
      if (i > 0) samples[name]?.push(took);
    }
  }
  return samples;
}

const over = (a: readonly number[] = [], b: readonly number[] = []): number[] =>
  a.map((sample) => sample / percentile(b, 0.5));

function trees(root: string): Row[] {
  plant(join(root, "small"), 100);
  plant(join(root, "tree"), 10_000);
  const tree = join(root, "tree");
  const took = inTurns(5, {
    lint: () => milliseconds(process.execPath, [command, "lint", tree]),
    scan: () => milliseconds(process.execPath, ["-e", bareScan, tree]),
    grep: () => milliseconds("grep", ["-rl", "WORKLOOPS", tree]),
    small: () => milliseconds(process.execPath, [command, "lint", join(root, "small")]),
  });
  const hook = join(root, "peak.cjs");
  writeFileSync(hook, 'process.on("exit", () => console.error(process.resourceUsage().maxRSS));');
  const { stderr } = spawnSync(process.execPath, ["--require", hook, command, "lint", tree], {
    encoding: "utf8",
  });
  const kib = Number(/(\d+)\s*$/.exec(stderr)?.[1] ?? Number.NaN);
  return [
    row("lint of 10,000 files, 1 % with a value", "ms", took["lint"] ?? []),
    row("bare Node scan of them", "ms", took["scan"] ?? []),
    row("grep -rl of them", "ms", took["grep"] ?? []),
    row("lint over bare Node scan", "x", over(took["lint"], took["scan"]), {
      value: 2,
      sense: "at most",
      of: "median",
    }),
    row("lint over grep -rl", "x", over(took["lint"], took["grep"]), {
      value: 6,
      sense: "at most",
      of: "median",
    }),
    row("10,000 files over 100 files", "x", over(took["lint"], took["small"]), {
      value: 110,
      sense: "at most",
      of: "median",
    }),
    row("peak memory of that lint", "MiB", [kib / 1024], {
      value: 150,
      sense: "at most",
      of: "median",
    }),
  ];
}

function starts(root: string): Row[] {
  const file = join(root, "compose.yaml");
  writeFileSync(
    file,
    "services:\n  w:\n    stop_grace_period: 310s\n    environment:\n      WORKER_WORKLOOPS: fast_lane:1 manual>*:4\n",
  );
  const took = inTurns(25, {
    node: () => milliseconds(process.execPath, ["-e", "0"]),
    version: () => milliseconds(process.execPath, [command, "--version"]),
    lint: () => milliseconds(process.execPath, [command, "lint", file]),
  });
  return [
    row("node -e 0", "ms", took["node"] ?? []),
    row("workloops --version", "ms", took["version"] ?? []),
    row("cold start over node -e 0", "x", over(took["version"], took["node"]), {
      value: 1.9,
      sense: "at most",
      of: "median",
    }),
    row("workloops lint of one compose file", "ms", took["lint"] ?? []),
    row("that lint over node -e 0", "x", over(took["lint"], took["node"]), {
      value: 3,
      sense: "at most",
      of: "median",
    }),
  ];
}

/** A compose file of 5,000 lines, most of it other programs. */
function longCompose(): string {
  const service = (i: number) =>
    `  s${i}:\n    image: example/app:${i}\n    restart: always\n    environment:\n      A_${i}: "one"\n      B_${i}: two\n    ports:\n      - "${i}:80"\n    depends_on: [db]\n`;
  const worker = (i: number) =>
    `  w${i}:\n    image: openfn/ws-worker:v1.25.0\n    stop_grace_period: 310s\n    environment:\n      WORKER_WORKLOOPS: fast_lane:1 manual>*:4\n      WORKER_SECRET: x\n    volumes: ["a:/a"]\n`;
  const parts = Array.from({ length: 560 }, (_, i) => (i % 25 === 0 ? worker(i) : service(i)));
  return `services:\n${parts.join("")}`;
}

async function longFile(): Promise<Row[]> {
  const text = longCompose();
  const ours: number[] = [];
  const floor: number[] = [];
  for (let i = 0; i < 24; i += 1) {
    let start = performance.now();
    await diagnose(openDocument("compose.yaml", text));
    const own = performance.now() - start;
    start = performance.now();
    parseAllDocuments(text);
    const parse = performance.now() - start;
    if (i >= 4) {
      ours.push(own);
      floor.push(parse);
    }
  }
  return [
    row(`compose file of ${text.split("\n").length - 1} lines`, "ms", ours),
    row("the YAML library's own parse of it", "ms", floor),
    row("diagnosis over that parse", "x", over(ours, floor), {
      value: 1.3,
      sense: "at most",
      of: "median",
    }),
  ];
}

export async function bench(): Promise<Row[]> {
  const root = mkdtempSync(join(tmpdir(), "workloops-bench-"));
  try {
    return [...starts(root), ...(await longFile()), ...trees(root)];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
