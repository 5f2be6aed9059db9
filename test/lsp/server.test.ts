import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CodeAction, Hover, WorkspaceEdit } from "vscode-languageserver-protocol";
import { type Client, startClient } from "./client.ts";

const compose = `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    environment:
      WORKER_LIGHTNING_SERVICE_URL: wss://l.example.org/worker
      WORKER_WORKLOOPS: "fast_lane:1 manual>*4"
    stop_grace_period: 6m
    volumes: ["a:/root/.openfn"]
`;
const files = {
  "compose.yaml": compose,
  "night.env": "WORKER_WORKLOOPS=fast_lane:1 manual>*:4\n",
  "lanes.workloops": "# night\nfast_lane:1    manual>*:4\n",
  "readme.txt": "WORKER_WORKLOOPS=fast_lane:0\n",
};

let folder: string;
let client: Client;
const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "workloops-lsp-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  client = await startClient({ folders: [folder] });
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr()).toBe("");
  rmSync(folder, { recursive: true });
});

/** The position of a text's first place, moved by `shift` characters. */
function at(text: string, part: string, shift = 0) {
  const before = text.slice(0, text.indexOf(part) + shift);
  const line = before.split("\n").length - 1;
  return { line, character: before.length - (before.lastIndexOf("\n") + 1) };
}

const here = (name: keyof typeof files, part: string, shift = 1) => ({
  textDocument: { uri: uriOf(name) },
  position: at(files[name], part, shift),
});

/** The texts of files after a workspace edit, by name. */
function applied(edit: WorkspaceEdit): Record<string, string> {
  const after: Record<string, string> = {};
  for (const change of edit.documentChanges ?? []) {
    if (!("textDocument" in change)) throw new Error("Only texts are edited here.");
    const name = change.textDocument.uri.slice(pathToFileURL(folder).href.length + 1);
    const lines = (files[name as keyof typeof files] ?? "").split("\n");
    for (const { range, newText } of [...change.edits].reverse() as {
      range: {
        start: { line: number; character: number };
        end: { line: number; character: number };
      };
      newText: string;
    }[]) {
      const head = (lines[range.start.line] ?? "").slice(0, range.start.character);
      const tail = (lines[range.end.line] ?? "").slice(range.end.character);
      lines.splice(range.start.line, range.end.line - range.start.line + 1, head + newText + tail);
    }
    after[name] = lines.join("\n");
  }
  return after;
}

describe("an open document", () => {
  test("has its diagnostics pushed, with code, place and data", async () => {
    const [problem, ...others] = await client.open(uriOf("compose.yaml"), compose, "yaml");
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: "capacity-missing",
      severity: 1,
      source: "workloops",
      range: { start: at(compose, "manual>*4"), end: at(compose, "manual>*4", 9) },
      data: { group: "manual>*4" },
    });
  });

  test("hover", async () => {
    const hover: Hover | null = await client.connection.sendRequest(
      "textDocument/hover",
      here("compose.yaml", "fast_lane"),
    );
    expect(hover?.range).toEqual({
      start: at(compose, "fast_lane"),
      end: at(compose, "fast_lane", 9),
    });
    expect(JSON.stringify(hover?.contents)).toContain("night.env");
  });

  test("code actions: the repair first, and it mends the file", async () => {
    const actions: CodeAction[] = await client.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri: uriOf("compose.yaml") },
      range: { start: at(compose, "manual>*4"), end: at(compose, "manual>*4") },
      context: { diagnostics: [], only: ["quickfix"] },
    });
    const [first] = actions;
    expect(first?.isPreferred).toBe(true);
    expect(first?.diagnostics?.[0]?.code).toBe("capacity-missing");
    expect(applied(first?.edit ?? {})).toEqual({
      "compose.yaml": compose.replace("manual>*4", "manual>*:4"),
    });
  });

  test("is clean after the edit, and broken again after its undoing", async () => {
    const uri = uriOf("compose.yaml");
    const place = at(compose, "*4", 1);
    expect(await client.change(uri, { start: place, end: place }, ":")).toEqual([]);
    const colon = { start: place, end: { ...place, character: place.character + 1 } };
    const after = await client.change(uri, colon, "");
    expect(after.map(({ code }) => code)).toEqual(["capacity-missing"]);
  });

  test("of another kind is left alone", async () => {
    expect(await client.open(uriOf("readme.txt"), files["readme.txt"])).toEqual([]);
  });
});

describe("the workspace", () => {
  test("rename reaches files that are not open, and says which versions it edits", async () => {
    const edit: WorkspaceEdit = await client.connection.sendRequest("textDocument/rename", {
      ...here("compose.yaml", "fast_lane"),
      newName: "express",
    });
    const names = ["compose.yaml", "lanes.workloops", "night.env"];
    const after = applied(edit);
    expect(Object.keys(after).sort()).toEqual(names);
    for (const name of names) {
      expect(after[name]).toBe(
        files[name as keyof typeof files].replaceAll("fast_lane", "express"),
      );
    }
    const versions = edit.documentChanges?.map((change) =>
      "textDocument" in change ? change.textDocument.version : undefined,
    );
    expect(versions?.filter((version) => version === null)).toHaveLength(2);
  });

  test("rename to something that is no name is refused with a reason", async () => {
    const request = client.connection.sendRequest("textDocument/rename", {
      ...here("compose.yaml", "fast_lane"),
      newName: "a b",
    });
    await expect(request).rejects.toThrow("write 1 to 64 letters, digits and underscores");
  });

  test.each(["references", "definition"])("%s", async (what) => {
    const found: { uri: string }[] = await client.connection.sendRequest(`textDocument/${what}`, {
      ...here("compose.yaml", "fast_lane"),
      context: { includeDeclaration: true },
    });
    const names = ["compose.yaml", "lanes.workloops", "night.env"].map(uriOf);
    expect(found.map(({ uri }) => uri).sort()).toEqual(names);
  });

  test("definition of a queue that the settings declare is its name there", async () => {
    const settings = '{\n  "servedElsewhere": ["night"],\n  "queues": ["reports", "night"]\n}\n';
    const config = { uri: uriOf("workloops.config.json"), type: 1 };
    const tell = (type: number) =>
      client.connection.sendNotification("workspace/didChangeWatchedFiles", {
        changes: [{ ...config, type }],
      });
    writeFileSync(join(folder, "workloops.config.json"), settings);
    await tell(1);
    const uri = uriOf("shift.env");
    await client.open(uri, "WORKER_WORKLOOPS=night:1\n");
    const found = await client.connection.sendRequest("textDocument/definition", {
      textDocument: { uri },
      position: { line: 0, character: 19 },
    });
    const line = '  "queues": ["reports", "';
    expect(found).toEqual([
      {
        uri: config.uri,
        range: {
          start: { line: 2, character: line.length },
          end: { line: 2, character: line.length + "night".length },
        },
      },
    ]);
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    rmSync(join(folder, "workloops.config.json"));
    await tell(3);
  });

  test("symbols", async () => {
    const found: { name: string }[] = await client.connection.sendRequest("workspace/symbol", {
      query: "fast",
    });
    expect(found.map(({ name }) => name)).toEqual(["fast_lane:1", "fast_lane:1", "fast_lane:1"]);
  });

  test("fix all in the workspace asks the client to apply one edit", async () => {
    const edits: WorkspaceEdit[] = [];
    client.connection.onRequest("workspace/applyEdit", ({ edit }) => {
      edits.push(edit);
      return { applied: true };
    });
    const changed = await client.connection.sendRequest("workspace/executeCommand", {
      command: "workloops.server.fixAllInWorkspace",
      arguments: [],
    });
    expect(changed).toBe(edits.length === 0 ? 0 : edits[0]?.documentChanges?.length);
  });

  test.each(["capacity-missing", "shell-unquoted"])("the page of the rule %s", async (code) => {
    const page = await client.connection.sendRequest("workloops/rulePage", { code });
    expect(page).toContain(`# ${code}`);
  });

  test("no page for a code that no rule has", async () => {
    const page = await client.connection.sendRequest("workloops/rulePage", { code: "nothing" });
    expect(page).toBeNull();
  });

  test("the page that explains", async () => {
    const page = await client.connection.sendRequest("workspace/executeCommand", {
      command: "workloops.server.explain",
      arguments: [{ uri: uriOf("night.env"), position: { line: 0, character: 20 } }],
    });
    expect(page).toContain("Runs at once: **5**");
  });
});

describe("a .workloops file", () => {
  const uri = () => uriOf("lanes.workloops");

  test("is formatted", async () => {
    await client.open(uri(), files["lanes.workloops"], "workloops");
    const edits: { newText: string }[] = await client.connection.sendRequest(
      "textDocument/formatting",
      { textDocument: { uri: uri() }, options: { tabSize: 2, insertSpaces: true } },
    );
    expect(edits).toHaveLength(1);
    expect(edits[0]?.newText).toBe("");
  });

  test("a host is not, even when a client asks for it", async () => {
    const edits = await client.connection.sendRequest("textDocument/formatting", {
      textDocument: { uri: uriOf("compose.yaml") },
      options: { tabSize: 2, insertSpaces: true },
    });
    expect(edits).toBeNull();
  });

  test("has semantic tokens, an outline, highlights, hints and completions", async () => {
    const textDocument = { uri: uri() };
    const ask = <T>(method: string, params: object): Promise<T> =>
      client.connection.sendRequest(method, { textDocument, ...params });
    const tokens = await ask<{ data: number[] }>("textDocument/semanticTokens/full", {});
    expect(tokens.data.slice(0, 10)).toEqual([0, 0, 7, 4, 0, 1, 0, 9, 0, 0]);
    const [outline] = await ask<{ children: unknown[] }[]>("textDocument/documentSymbol", {});
    expect(outline?.children).toHaveLength(2);
    const position = { line: 1, character: 2 };
    const marks = await ask<unknown[]>("textDocument/documentHighlight", { position });
    expect(marks).toHaveLength(1);
    const range = { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } };
    const [hint] = await ask<{ label: string }[]>("textDocument/inlayHint", { range });
    expect(hint?.label).toContain("5 slots");
    const items = await ask<{ label: string }[]>("textDocument/completion", { position });
    expect(items.map(({ label }) => label)).toContain("manual");
  });
});
