// A workspace that no file system of this machine holds: the server reads it through the client.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WorkspaceEdit } from "vscode-languageserver-protocol";
import { type Client, startClient } from "./client.ts";

const root = "vault:/team";
const files = new Map([
  [`${root}/compose.yaml`, "services:\n  w:\n    env_file: night.env\n"],
  [`${root}/night.env`, "WORKER_WORKLOOPS=night:1 manual>*:4\n"],
  [`${root}/lanes.workloops`, "night:2\n"],
  [`${root}/notes.txt`, "night:3\n"],
]);
const asked = new Set<string>();

let client: Client;
beforeAll(async () => {
  client = await startClient({
    initializationOptions: { clientFiles: true },
    settings: () => ({ queues: ["night"] }),
    uris: [root],
  });
  const { connection } = client;
  connection.onRequest("workloops/findFiles", ({ uri }) =>
    [...files.keys()].filter((file) => file.startsWith(`${uri}/`)),
  );
  connection.onRequest("workloops/listFolder", () => [...files.keys()]);
  connection.onRequest("workloops/readFile", ({ uri }) => {
    asked.add(uri);
    return files.get(uri) ?? null;
  });
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr()).toBe("");
});

describe("a virtual workspace", () => {
  test("has its files found and read through the client, those that may hold a value", async () => {
    const found: { name: string; location: { uri: string } }[] =
      await client.connection.sendRequest("workspace/symbol", { query: "night:" });
    expect(found.map(({ name, location }) => [name, location.uri])).toEqual([
      ["night:1", `${root}/night.env`],
      ["night:2", `${root}/lanes.workloops`],
    ]);
    expect(asked).not.toContain(`${root}/notes.txt`);
  });

  test("has diagnostics, with the settings that hold there", async () => {
    const found = await client.open(`${root}/draft.env`, "WORKER_WORKLOOPS=night:0 other:1\n");
    expect(found.map(({ code }) => code)).toEqual(["capacity-invalid", "queue-unknown"]);
  });

  test("has a queue renamed in all its files", async () => {
    const uri = `${root}/draft.env`;
    const edit: WorkspaceEdit = await client.connection.sendRequest("textDocument/rename", {
      textDocument: { uri },
      position: { line: 0, character: 18 },
      newName: "late",
    });
    const changed = edit.documentChanges?.map((change) =>
      "textDocument" in change ? change.textDocument.uri : "",
    );
    expect(changed?.sort()).toEqual([uri, `${root}/lanes.workloops`, `${root}/night.env`].sort());
  });
});
