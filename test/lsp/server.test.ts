import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, startClient } from "./client.ts";

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr()).toBe("");
});

const files: readonly (readonly [uri: string, text: string, message: string])[] = [
  ["file:///slice/lanes.workloops", "fast_lane:1 manual>*", "capacity-missing"],
  ["file:///slice/.env", "A=1\nWORKER_WORKLOOPS=fast_lane:0 manual>*:4\n", "capacity-invalid"],
  [
    "file:///slice/compose.yaml",
    'services:\n  worker:\n    environment:\n      WORKER_WORKLOOPS: "*>manual:4"\n',
    "wildcard-not-last",
  ],
];

describe("the slice", () => {
  test.each(files)("%s: diagnostics are pushed, and hover answers", async (uri, text, code) => {
    const diagnostics = await client.open(uri, text);
    expect(diagnostics.map((d) => d.code)).toContain(code);
    const line = text.split("\n").findIndex((l) => l.includes("manual"));
    const character = text.split("\n")[line]?.indexOf("manual") ?? 0;
    const hover = await client.connection.sendRequest("textDocument/hover", {
      textDocument: { uri },
      position: { line, character: character + 1 },
    });
    expect(JSON.stringify(hover)).toContain("every retry");
  });
});
