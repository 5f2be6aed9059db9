import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { parseAllDocuments } from "yaml";
import { type Client, fullCapabilities, startClient } from "../test/lsp/client.ts";
import { percentile, type Row, row, sample } from "./measure.ts";

const services = 50;
const linesPerService = 100;

/** A compose file of 5,000 lines with 50 values. */
export function composeFile(): string {
  const lines = ["services:"];
  for (let i = 0; i < services; i += 1) {
    lines.push(
      `  worker${i}:`,
      "    image: openfn/ws-worker:v1.25.0",
      "    environment:",
      '      WORKER_WORKLOOPS: "fast_lane:1 manual>*:4"',
    );
    for (let j = 4; j < linesPerService; j += 1) lines.push(`      OTHER_${j}: "value ${i} ${j}"`);
  }
  return `${lines.join("\n")}\n`;
}

const uri = "file:///bench/compose.yaml";
const text = composeFile();
const valueLine = (service: number) => 1 + service * linesPerService + 3;
// Behind `      WORKER_WORKLOOPS: "`.
const valueStart = 25;

/** Milliseconds from sending a change to having its diagnostics. */
async function timedChange(
  client: Client,
  line: number,
  character: number,
  remove: number,
  insert: string,
) {
  const range = { start: { line, character }, end: { line, character: character + remove } };
  const start = performance.now();
  await client.change(uri, range, insert);
  return performance.now() - start;
}

async function insideValues(client: Client, times: number): Promise<number[]> {
  const samples: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const line = valueLine(Math.floor(i / 20) % services);
    // A name grows by a letter and shrinks again.
    samples.push(await timedChange(client, line, valueStart + 4, i % 2, i % 2 === 0 ? "a" : ""));
  }
  return samples;
}

/** The 99th percentile as a row of its own: there is no median of it. */
function tail(name: string, samples: readonly number[], atMost: number): Row {
  const value = percentile(samples, 0.99);
  const limit = { value: atMost, sense: "at most", of: "p95" } as const;
  return { name: `${name}, 99th percentile`, unit: "ms", median: value, p95: value, limit };
}

function figures(name: string, samples: readonly number[], p95: number, p99: number): Row[] {
  return [
    row(name, "ms", samples, { value: p95, sense: "at most", of: "p95" }),
    tail(name, samples, p99),
  ];
}

async function typing(client: Client): Promise<Row[]> {
  await insideValues(client, 200);
  const inside = await insideValues(client, 1000);
  const outside: number[] = [];
  for (let i = 0; i < 40; i += 1)
    outside.push(await timedChange(client, 5, 6, i % 2, i % 2 === 0 ? "X" : ""));
  const yaml = await sample(20, () => parseAllDocuments(text));
  const floor = percentile(yaml, 0.5);
  const changed = "change inside a value to diagnostics";
  return [
    row(`${changed}, median`, "ms", inside, { value: 3, sense: "at most", of: "median" }),
    ...figures(changed, inside, 8, 15),
    row("change elsewhere to diagnostics", "ms", outside, {
      value: 1.3 * floor + 3,
      sense: "at most",
      of: "median",
    }),
    row("the YAML library's own parse of that file", "ms", yaml),
  ];
}

async function asking(client: Client): Promise<Row[]> {
  const ask = (method: string, more: (line: number) => object) => async () => {
    const samples: number[] = [];
    for (let i = 0; i < 550; i += 1) {
      const line = valueLine(i % services);
      const params = { textDocument: { uri }, ...more(line) };
      const start = performance.now();
      await client.connection.sendRequest(method, params);
      if (i >= 50) samples.push(performance.now() - start);
    }
    return samples;
  };
  const position = (line: number) => ({ position: { line, character: valueStart + 3 } });
  const range = (line: number) => ({
    range: { start: position(line).position, end: position(line).position },
    context: { diagnostics: [] },
  });
  const hover = await ask("textDocument/hover", position)();
  const completion = await ask("textDocument/completion", position)();
  const actions = await ask("textDocument/codeAction", range)();
  return [
    ...figures("hover", hover, 3, 8),
    ...figures("completion", completion, 3, 8),
    ...figures("code action", actions, 3, 8),
  ];
}

/** Milliseconds from spawning a server to its answer to `initialize`. */
async function spawnToInitialized(server?: string): Promise<number> {
  const start = performance.now();
  const client = await startClient(server === undefined ? {} : { server });
  const took = performance.now() - start;
  await client.stop();
  return took;
}

async function starting(folder: string): Promise<Row[]> {
  const server = join(folder, "empty.cjs");
  const contents = `import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
    const c = createConnection(ProposedFeatures.all);
    c.onInitialize(() => ({ capabilities: {} }));
    c.listen();`;
  await build({
    stdin: { contents, resolveDir: process.cwd() },
    outfile: server,
    bundle: true,
    platform: "node",
    minifySyntax: true,
    minifyWhitespace: true,
  });
  const empty: number[] = [];
  const ours: number[] = [];
  // In turns, so that what else the machine does meets both.
  for (let round = 0; round < 12; round += 1) {
    const pair = [await spawnToInitialized(server), await spawnToInitialized()] as const;
    if (round < 2) continue;
    empty.push(pair[0]);
    ours.push(pair[1]);
  }
  return [
    row("spawn to initialized", "ms", ours, {
      value: 1.5 * percentile(empty, 0.5),
      sense: "at most",
      of: "median",
    }),
    row("an empty vscode-languageserver, spawn to initialized", "ms", empty),
  ];
}

async function workspace(folder: string): Promise<Row[]> {
  const root = join(folder, "workspace");
  for (let i = 0; i < 2000; i += 1) {
    const sub = join(root, `d${i % 50}`);
    mkdirSync(sub, { recursive: true });
    const held = i % 10 === 0 ? "WORKER_WORKLOOPS=fast_lane:1 manual>*:0\n" : "A=1\n";
    writeFileSync(join(sub, `f${i}.env`), held);
  }
  const capabilities = {
    ...fullCapabilities,
    textDocument: { ...fullCapabilities.textDocument, diagnostic: {} },
  };
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const client = await startClient({ folders: [root], capabilities });
    const pull = async () => {
      const start = performance.now();
      await client.connection.sendRequest("workspace/diagnostic", { previousResultIds: [] });
      return performance.now() - start;
    };
    cold.push(await pull());
    for (let i = 0; i < 10; i += 1) {
      const changed = join(root, "d0", "f0.env");
      writeFileSync(changed, `WORKER_WORKLOOPS=manual:${i + 1}\n`);
      await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
        changes: [{ uri: pathToFileURL(changed).href, type: 2 }],
      });
      warm.push(await pull());
    }
    await client.stop();
  }
  return [
    row("workspace diagnostics of 2,000 files, cold", "ms", cold, {
      value: 1500,
      sense: "at most",
      of: "p95",
    }),
    row("workspace diagnostics after one change", "ms", warm, {
      value: 50,
      sense: "at most",
      of: "p95",
    }),
  ];
}

function residentMiB(client: Client): number {
  const status = readFileSync(`/proc/${client.process.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

async function remembering(): Promise<Row[]> {
  const client = await startClient();
  await client.open(uri, text);
  await insideValues(client, 100);
  const early = residentMiB(client);
  await insideValues(client, 9900);
  const late = residentMiB(client);
  await client.stop();
  const limit = { value: 1.2, sense: "at most", of: "median" } as const;
  const name = "resident memory after 10,000 edits against after 100";
  return [{ name, unit: "x", median: late / early, p95: late / early, limit }];
}

export async function bench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "workloops-bench-"));
  try {
    const client = await startClient();
    await client.open(uri, text);
    const rows = [...(await typing(client)), ...(await asking(client))];
    await client.stop();
    return [
      ...rows,
      ...(await remembering()),
      ...(await starting(folder)),
      ...(await workspace(folder)),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
