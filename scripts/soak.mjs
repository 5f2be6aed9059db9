// `npm run soak`: three workers, a local Lightning and a fault proxy before each worker, as
// processes over real sockets, under random faults. Judged by the server's ledger, by what the
// jobs did to a witness, and by the memory of the workers. Runs what `npm run build` made, packed.
//   --minutes N   how long (20); memory is judged from 10 minutes on, before that it is told
//   --seed N      the faults that are drawn (the time of the start)
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { unpackCommand } from "./pack.mjs";
import { install, root, stage } from "./setup.mjs";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== "--"),
  options: {
    minutes: { type: "string", default: "20" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 1000) % 1_000_000) },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0 && minutes <= 24 * 60) || !Number.isSafeInteger(seed)) {
  console.error("--minutes: a number up to 1440; --seed: a whole number");
  process.exit(2);
}

/** A slope over a few minutes is what the collector did last, and says nothing of a leak. */
const LEAST_MINUTES_FOR_MEMORY = 10;
const MB_A_MINUTE = 1;

install();
const folder = mkdtempSync(join(tmpdir(), "workloops-soak-"));
try {
  // Set where the command is packed already.
  if (process.env.WORKLOOPS_COMMAND === undefined) {
    await build();
    process.env.WORKLOOPS_COMMAND = unpackCommand(join(folder, "command"));
  }
  stage(`soak of ${minutes} minutes, seed ${seed}`);
  const result = await run();
  const checks = check(result);
  print(result, checks);
  report(checks);
  if (checks.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run() {
  const { build: bundle } = await import("esbuild");
  const outfile = join(folder, "soak.mjs");
  await bundle({
    absWorkingDir: root,
    entryPoints: ["test/faults/soak/soak.ts"],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "warning",
  });
  const { soak } = await import(outfile);
  return soak(minutes, seed, (line) => console.log(line));
}

function check({ verdict, violations, memory, exits }) {
  const none = (list) => (list.length === 0 ? undefined : list.slice(0, 20).join("; "));
  const over = violations.filter((line) => line.startsWith("over-capacity"));
  const steep = memory.filter((one) => one.slope >= MB_A_MINUTE).map(({ name }) => name);
  const isLong = minutes >= LEAST_MINUTES_FOR_MEMORY;
  return [
    { name: "no run whose grant a worker read is lost", problem: none(verdict.lost) },
    { name: "no run is executed or ended twice", problem: none(verdict.twice) },
    {
      name: "each grant that no worker read was destroyed by a fault",
      problem: none(verdict.unexplained),
    },
    {
      name: "no worker knew a run whose grant a fault destroyed",
      problem: none(verdict.wronglyDestroyed),
    },
    { name: "no lane goes over its capacity", problem: none(over) },
    { name: "the server's ledger holds no violation", problem: none(violations) },
    {
      name: "each worker drains and ends with 0",
      problem: none(exits.filter((code) => code !== 0)),
    },
    ...(isLong ? [{ name: "memory is flat after the warm-up", problem: none(steep) }] : []),
  ];
}

function print({ verdict, faults, memory }, checks) {
  console.log(
    `\n${verdict.runs} runs, ${verdict.ended} ended once by a worker, ${verdict.grantsUnread} granted in a reply that no worker read`,
  );
  for (const [name, count] of [...faults].sort()) {
    console.log(`${String(count).padStart(6)}  ${name}`);
  }
  for (const { name, slope, range } of memory) {
    console.log(`${name}: ${slope.toFixed(2)} MB a minute after the warm-up, ${range}`);
  }
  for (const { name, problem } of checks) {
    console.log(problem === undefined ? `held: ${name}` : `FAILED: ${name}: ${problem}`);
  }
  const failed = checks.filter(({ problem }) => problem !== undefined).length;
  console.log(`${checks.length - failed} passed, ${failed} failed`);
}

/** As JUnit, beside those of the tests. */
function report(checks) {
  const reports = process.env.WORKLOOPS_REPORTS;
  if (reports === undefined) return;
  const cases = checks.map(({ name, problem }) => {
    const open = `<testcase classname="scripts/soak.mjs" name="soak: ${name.replace("'", "&apos;")}"`;
    return problem === undefined
      ? `${open}/>`
      : `${open}><failure message="see the log"/></testcase>`;
  });
  mkdirSync(reports, { recursive: true });
  writeFileSync(
    join(reports, "soak.xml"),
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="soak" tests="${cases.length}">\n${cases.join("\n")}\n</testsuite>\n`,
  );
}
