// Every fixture is typed into the shipped server from its first character to its last, and
// after each the server is asked what an editor asks: it answers, and its text is the client's.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Position } from "vscode-languageserver-protocol";
import { type Client, startClient } from "../lsp/client.ts";

const fixtures = join(import.meta.dirname, "../fixtures");
const files = readdirSync(fixtures, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => relative(fixtures, join(parentPath, name)))
  .sort();

let client: Client;
beforeAll(async () => {
  client = await startClient({ folders: [fixtures] });
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr()).toBe("");
});

const notify = (method: string, params: object) =>
  client.connection.sendNotification(method, params);

/** The position behind a text, as an editor counts that ends lines with LF. */
function end(text: string): Position {
  const line = text.split("\n").length - 1;
  return { line, character: text.length - text.lastIndexOf("\n") - 1 };
}

/** Everything an editor asks where someone types. */
function ask(uri: string, position: Position): Promise<readonly unknown[]> {
  const textDocument = { uri };
  const range = { start: position, end: position };
  const context = { diagnostics: [] };
  const requests: readonly (readonly [string, object])[] = [
    ["textDocument/hover", { position }],
    ["textDocument/completion", { position }],
    ["textDocument/codeAction", { range, context }],
    ["textDocument/documentHighlight", { position }],
    ["textDocument/documentSymbol", {}],
    ["textDocument/inlayHint", { range: { start: { line: 0, character: 0 }, end: position } }],
    ["textDocument/semanticTokens/full", {}],
  ];
  return Promise.all(
    requests.map(([method, rest]) =>
      client.connection.sendRequest(method, { textDocument, ...rest }),
    ),
  );
}

test("there are fixtures of every kind of file", () => {
  expect(files.length).toBeGreaterThan(100);
});

describe("typed to its end", () => {
  test.each(files)("%s", { timeout: 120_000 }, async (file) => {
    const whole = readFileSync(join(fixtures, file), "utf8");
    const uri = pathToFileURL(join(fixtures, file)).href;
    await notify("textDocument/didOpen", {
      textDocument: { uri, languageId: "plaintext", version: 0, text: "" },
    });
    let typed = "";
    let version = 0;
    // By characters: half a surrogate pair is no text that a keyboard writes.
    for (const character of whole) {
      const at = end(typed);
      typed += character;
      version += 1;
      await notify("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ range: { start: at, end: at }, text: character }],
      });
      await ask(uri, end(typed));
      expect(await client.connection.sendRequest("workloops/text", { uri })).toEqual({
        version,
        text: typed,
      });
    }
    await notify("textDocument/didClose", { textDocument: { uri } });
  });
});
