// What the server says of itself: where else a problem stands, that long work can be watched
// and ended, and that it leaves the workspace alone.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancellationTokenSource, type Diagnostic } from "vscode-languageserver-protocol";
import { type Client, startClient } from "./client.ts";

const compose = `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 6m
    env_file: worker.env
    environment:
      WORKER_WORKLOOPS: "manual>manual>*:4"
`;

let folder: string;
let client: Client;
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "workloops-promises-"));
  writeFileSync(join(folder, "compose.yaml"), compose);
  writeFileSync(join(folder, "worker.env"), "WORKER_CAPACITY=5\n");
  client = await startClient({
    folders: [folder],
    initializationOptions: { ruleLink: "https://rules.example.org/{code}" },
  });
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr()).toBe("");
  rmSync(folder, { recursive: true });
});

describe("a diagnostic", () => {
  let found: Diagnostic[];
  beforeAll(async () => {
    found = await client.open(uriOf("compose.yaml"), compose, "yaml");
  });
  const of = (code: string) => found.find((diagnostic) => diagnostic.code === code);

  test("names the other end of a problem in the other file", () => {
    const related = of("capacity-exclusivity")?.relatedInformation ?? [];
    const other = related.find(({ location }) => location.uri === uriOf("worker.env"));
    expect(other?.message).toContain("WORKER_CAPACITY");
    expect(other?.location.range.start.line).toBe(0);
  });

  test("marks a queue that has no effect as unnecessary", () => {
    expect(of("duplicate-queue")?.tags).toEqual([1]);
  });

  test("marks the draft's way to write as deprecated", async () => {
    const draft =
      "services:\n  w:\n    image: openfn/ws-worker:v1.25.0\n    command: [--queues, a:1]\n";
    const inDraft = await client.open(uriOf("draft/compose.yaml"), draft, "yaml");
    expect(inDraft.find(({ code }) => code === "legacy-flag")?.tags).toEqual([2]);
  });

  test("links to the page of its rule", () => {
    for (const { code, codeDescription } of found) {
      expect(codeDescription?.href).toBe(`https://rules.example.org/${code}`);
    }
  });

  test("follows the other file when that changes on disk", async () => {
    writeFileSync(join(folder, "worker.env"), "WORKER_PORT=2222\n");
    const next = client.published(uriOf("compose.yaml"));
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: uriOf("worker.env"), type: 2 }],
    });
    expect((await next).map(({ code }) => code)).not.toContain("capacity-exclusivity");
  });
});

describe("long work", () => {
  test("over the workspace tells its progress", async () => {
    const said: string[] = [];
    const token = "work";
    client.connection.onNotification("$/progress", (params) => {
      if (params.token === token) said.push(params.value.kind);
    });
    await client.connection.sendRequest("workspace/diagnostic", {
      previousResultIds: [],
      workDoneToken: token,
    });
    expect([said[0], said.at(-1)]).toEqual(["begin", "end"]);
  });

  test("ends when it is cancelled", async () => {
    const many = mkdtempSync(join(tmpdir(), "workloops-many-"));
    for (let i = 0; i < 2000; i += 1)
      writeFileSync(join(many, `${i}.env`), "WORKER_WORKLOOPS=a:1\n");
    const other = await startClient({ folders: [many] });
    const source = new CancellationTokenSource();
    const request = other.connection.sendRequest("workspace/symbol", { query: "" }, source.token);
    source.cancel();
    await expect(request).rejects.toMatchObject({ code: -32800 });
    await other.stop();
    rmSync(many, { recursive: true });
  });
});

describe("the workspace is left alone", () => {
  test("a file that nobody reported as changed is not read again", async () => {
    const names = async () => {
      const found: { name: string }[] = await client.connection.sendRequest("workspace/symbol", {
        query: "quiet",
      });
      return found.map(({ name }) => name);
    };
    writeFileSync(join(folder, "quiet.env"), "WORKER_WORKLOOPS=quiet_a:1\n");
    const report = (type: 1 | 2) =>
      client.connection.sendNotification("workspace/didChangeWatchedFiles", {
        changes: [{ uri: uriOf("quiet.env"), type }],
      });
    await report(1);
    expect(await names()).toContain("quiet_a:1");
    writeFileSync(join(folder, "quiet.env"), "WORKER_WORKLOOPS=quiet_b:1\n");
    expect(await names()).toContain("quiet_a:1");
    await report(2);
    expect(await names()).toContain("quiet_b:1");
  });

  test("no source of the server can start a program, open a socket or evaluate text", () => {
    const root = join(import.meta.dirname, "../..");
    const forbidden =
      /from "(?:node:)?(?:child_process|worker_threads|cluster|net|tls|http|https|http2|dgram|vm)"|\beval\(|new Function\(/;
    let read = 0;
    for (const room of [
      "packages/lsp/src",
      "packages/language-service/src",
      "packages/parser/src",
    ]) {
      for (const entry of readdirSync(join(root, room), { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        read += 1;
        const path = join(entry.parentPath, entry.name);
        expect(forbidden.exec(readFileSync(path, "utf8"))?.[0], path).toBeUndefined();
      }
    }
    expect(read).toBeGreaterThan(100);
  });
});
