import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type {
  DocumentDiagnosticReport,
  WorkspaceDiagnosticReport,
} from "vscode-languageserver-protocol";
import { type Client, fullCapabilities, startClient } from "./client.ts";

const capabilities = {
  ...fullCapabilities,
  textDocument: {
    ...fullCapabilities.textDocument,
    diagnostic: { relatedDocumentSupport: true, dynamicRegistration: true },
  },
};

let folder: string;
let client: Client;
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "workloops-pull-"));
  write("good.env", "WORKER_WORKLOOPS=fast_lane:1 fast_lane>manual>*:4\n");
  write("bad.env", "WORKER_WORKLOOPS=fast_lane:0\n");
  write("other.env", "NOTHING=here\n");
  client = await startClient({ folders: [folder], capabilities });
});
afterEach(async () => {
  await client.stop();
  rmSync(folder, { recursive: true });
});

const workspace = (previous: WorkspaceDiagnosticReport["items"] = []) =>
  client.connection.sendRequest<WorkspaceDiagnosticReport>("workspace/diagnostic", {
    previousResultIds: previous.map(({ uri, resultId }) => ({ uri, value: resultId })),
  });
const told = (report: WorkspaceDiagnosticReport) =>
  report.items.map((item) => [
    item.uri.slice(item.uri.lastIndexOf("/") + 1),
    item.kind === "full" ? item.items.map(({ code }) => code) : "unchanged",
  ]);

describe("pulled diagnostics", () => {
  test("of a document: full, then unchanged, then full after an edit", async () => {
    const uri = uriOf("bad.env");
    const textDocument = {
      uri,
      languageId: "dotenv",
      version: 1,
      text: "WORKER_WORKLOOPS=fast_lane:0\n",
    };
    await client.connection.sendNotification("textDocument/didOpen", { textDocument });
    const pull = (previousResultId?: string): Promise<DocumentDiagnosticReport> =>
      client.connection.sendRequest("textDocument/diagnostic", {
        textDocument: { uri },
        previousResultId,
      });
    const first = await pull();
    expect(first.kind === "full" && first.items.map(({ code }) => code)).toEqual([
      "capacity-invalid",
    ]);
    expect((await pull(first.resultId)).kind).toBe("unchanged");
    await client.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: "WORKER_WORKLOOPS=fast_lane:1\n" }],
    });
    const third = await pull(first.resultId);
    expect(third.kind === "full" && third.items.filter(({ severity }) => severity === 1)).toEqual(
      [],
    );
  });

  test("of the workspace: what holds something, then what changed, then what went away", async () => {
    const first = await workspace();
    expect(told(first)).toEqual([["bad.env", ["capacity-invalid"]]]);
    expect(told(await workspace(first.items))).toEqual([["bad.env", "unchanged"]]);
    write("good.env", "WORKER_WORKLOOPS=fast_lane:x\n");
    rmSync(join(folder, "bad.env"));
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [
        { uri: uriOf("good.env"), type: 2 },
        { uri: uriOf("bad.env"), type: 3 },
      ],
    });
    expect(told(await workspace(first.items))).toEqual([
      ["good.env", ["capacity-invalid"]],
      ["bad.env", []],
    ]);
  });

  test("follow the roots and the settings", async () => {
    const second = mkdtempSync(join(tmpdir(), "workloops-second-"));
    writeFileSync(join(second, "x.env"), "WORKER_WORKLOOPS=reports:1\n");
    const folders = { added: [{ uri: pathToFileURL(second).href, name: "second" }], removed: [] };
    await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
      event: folders,
    });
    const codes = async () => told(await workspace()).find(([name]) => name === "x.env")?.[1] ?? [];
    expect(await codes()).toContain("queue-unknown");
    // The two roots have different settings.
    client.configure((scope) =>
      scope.includes("workloops-second") ? { queues: ["reports"] } : null,
    );
    await client.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: null,
    });
    expect(await codes()).not.toContain("queue-unknown");
    client.configure(() => null);
    await client.connection.sendNotification("workspace/didChangeConfiguration", {
      settings: null,
    });
    expect(await codes()).toContain("queue-unknown");
    // The file that the linter reads holds for the editor too.
    writeFileSync(join(second, "workloops.config.json"), '{ "queues": ["reports"] }');
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: pathToFileURL(join(second, "workloops.config.json")).href, type: 1 }],
    });
    expect(await codes()).not.toContain("queue-unknown");
    rmSync(second, { recursive: true });
  });

  test("are not pushed as well", async () => {
    let pushed = 0;
    client.connection.onNotification("textDocument/publishDiagnostics", () => {
      pushed += 1;
    });
    const uri = uriOf("bad.env");
    const textDocument = { uri, languageId: "dotenv", version: 1, text: "WORKER_WORKLOOPS=x:0\n" };
    await client.connection.sendNotification("textDocument/didOpen", { textDocument });
    await client.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } });
    await client.connection.sendRequest("textDocument/documentSymbol", { textDocument: { uri } });
    expect(pushed).toBe(0);
  });
});
