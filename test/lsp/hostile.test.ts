import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ClientCapabilities } from "vscode-languageserver-protocol";
import { lines, positionAt } from "../../packages/lsp/src/lines.ts";
import { samples } from "../language-service/features/samples.ts";
import { type Client, startClient } from "./client.ts";

let client: Client;
const said: string[] = [];
beforeAll(async () => {
  client = await startClient();
  client.connection.onNotification("window/logMessage", ({ message }) => {
    said.push(message);
  });
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr()).toBe("");
});

const text = (uri: string): Promise<{ version: number; text: string } | null> =>
  client.connection.sendRequest("workloops/text", { uri });
const notify = (method: string, params: object) =>
  client.connection.sendNotification(method, params);
const open = (uri: string, content: string, version = 1) =>
  notify("textDocument/didOpen", {
    textDocument: { uri, languageId: "plaintext", version, text: content },
  });

/** mulberry32: the same seed, the same edits. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const inserts = [
  "a",
  ":",
  ">",
  "*",
  " ",
  "1",
  "\n",
  "\r\n",
  "\r",
  '"',
  "'",
  "#",
  "${X}",
  "é",
  "😀",
  "\ud800",
  "- ",
  "fast_lane>*:4",
  "\u2028",
  "\t",
];

describe("synchronisation", () => {
  test("10,000 edits at random: after each, the server's text is the client's", async () => {
    const random = randomFrom(20260101);
    const [uri, start] = samples[3] ?? ["", ""];
    let now = start;
    await open(uri, now);
    for (let version = 2; version <= 10_001; version += 1) {
      // Short enough that ten thousand of them are one small file's life.
      if (now.length > 1500) now = await replaceAll(uri, version, start);
      else {
        const from = random(now.length + 1);
        const to = Math.min(now.length, from + random(4));
        const insert = inserts[random(inserts.length)] ?? "";
        const index = lines(now);
        const range = {
          start: positionAt(index, from, "utf-16"),
          end: positionAt(index, to, "utf-16"),
        };
        // Between the two halves of a line break there is no position: the client means its start.
        now = splice(now, range, insert);
        await notify("textDocument/didChange", {
          textDocument: { uri, version },
          contentChanges: [{ range, text: insert }],
        });
      }
      expect((await text(uri))?.text).toBe(now);
    }
  }, 60_000);

  test("every prefix of every sample, typed as it stands", async () => {
    for (const [uri, content] of samples) {
      const own = uri.replace("/p/", "/typed/");
      await open(own, "");
      let version = 1;
      for (let end = 1; end <= content.length; end += 1) {
        version += 1;
        await notify("textDocument/didChange", {
          textDocument: { uri: own, version },
          contentChanges: [{ text: content.slice(0, end) }],
        });
        const position = positionAt(lines(content), end, "utf-16");
        const request = { textDocument: { uri: own }, position };
        await client.connection.sendRequest("textDocument/hover", request);
        await client.connection.sendRequest("textDocument/completion", request);
        await client.connection.sendRequest("textDocument/codeAction", {
          textDocument: { uri: own },
          range: { start: position, end: position },
          context: { diagnostics: [] },
        });
      }
      expect((await text(own))?.version).toBe(version);
      await notify("textDocument/didClose", { textDocument: { uri: own } });
    }
  });
});

async function replaceAll(uri: string, version: number, content: string): Promise<string> {
  await notify("textDocument/didChange", {
    textDocument: { uri, version },
    contentChanges: [{ text: content }],
  });
  return content;
}

interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** What a client does to its own text, by lines as LSP splits them. */
function splice(content: string, { start, end }: Range, insert: string): string {
  const { starts } = lines(content);
  const offset = ({ line, character }: Range["start"]) => {
    const from = starts[line] ?? content.length;
    const row = content.slice(from, starts[line + 1] ?? content.length).replace(/[\r\n]+$/, "");
    return from + Math.min(character, row.length);
  };
  return content.slice(0, offset(start)) + insert + content.slice(offset(end));
}

describe("a client that counts wrongly", () => {
  const uri = "file:///h/.env";

  test("an older version is taken as it is said, and told in the log", async () => {
    await open(uri, "WORKER_WORKLOOPS=a:1\n", 7);
    await replaceAll(uri, 3, "WORKER_WORKLOOPS=b:1\n");
    expect(await text(uri)).toEqual({ version: 3, text: "WORKER_WORKLOOPS=b:1\n" });
    expect(said.at(-1)).toBe(`${uri}: version 3 does not follow the version before it.`);
  });

  test("a change of a document that is not open is left out, and told", async () => {
    await notify("textDocument/didClose", { textDocument: { uri } });
    await replaceAll(uri, 8, "x");
    expect(await text(uri)).toBeNull();
    expect(said.at(-1)).toBe(`${uri} was changed without being open. The change is left out.`);
  });

  test("requests about a document that is nowhere are answered with nothing", async () => {
    const textDocument = { uri: "file:///nowhere/.env" };
    const position = { line: 3, character: 3 };
    const range = { start: position, end: position };
    const ask = (method: string, rest: object) =>
      client.connection.sendRequest(method, { textDocument, ...rest });
    expect(await ask("textDocument/hover", { position })).toBeNull();
    expect(await ask("textDocument/completion", { position })).toBeNull();
    expect(await ask("textDocument/references", { position, context: {} })).toBeNull();
    expect(await ask("textDocument/prepareRename", { position })).toBeNull();
    expect(
      await ask("textDocument/codeAction", { range, context: { diagnostics: [] } }),
    ).toBeNull();
    expect(await ask("textDocument/documentSymbol", {})).toBeNull();
    expect(await ask("textDocument/inlayHint", { range })).toBeNull();
    expect(await ask("textDocument/semanticTokens/full", {})).toEqual({ data: [] });
  });

  test("positions outside of the text are the nearest ones inside", async () => {
    await open(uri, "WORKER_WORKLOOPS=fast_lane:1\n");
    for (const position of [
      { line: 99, character: 0 },
      { line: 0, character: 9999 },
    ]) {
      const params = { textDocument: { uri }, position };
      await client.connection.sendRequest("textDocument/hover", params);
      await client.connection.sendRequest("textDocument/documentHighlight", params);
    }
    const end = { line: 99, character: 99 };
    await notify("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start: end, end }, text: "A=1" }],
    });
    expect((await text(uri))?.text).toBe("WORKER_WORKLOOPS=fast_lane:1\nA=1");
  });

  test.each([
    ["a command that there is none of", "workloops.nothing", []],
    ["explain without arguments", "workloops.server.explain", []],
    ["explain with nonsense", "workloops.server.explain", [7]],
    ["migrate of nothing", "workloops.server.migrate", [{ uri: 7 }]],
  ])("%s", async (_, command, given) => {
    const answer = client.connection
      .sendRequest("workspace/executeCommand", { command, arguments: given })
      .catch((error: Error) => error.message);
    expect([null, 0, 'There is no command "workloops.nothing".']).toContain(await answer);
  });

  test("an unknown request is refused by name", async () => {
    await expect(client.connection.sendRequest("textDocument/nothing", {})).rejects.toThrow(
      "textDocument/nothing",
    );
  });
});

describe("a large file", () => {
  test("of 10 MB is kept, answered with nothing and a reason, and does not stop the others", async () => {
    const uri = "file:///h/large.env";
    const large = `WORKER_WORKLOOPS=fast_lane:0\n${"# filler line of a log\n".repeat(450_000)}`;
    expect(large.length).toBeGreaterThan(10_000_000);
    expect(await client.open(uri, large)).toEqual([]);
    expect(said.at(-1)).toBe(`${uri} is larger than 4194304 characters: it is kept, and not read.`);
    const end = { line: 450_001, character: 0 };
    expect(await client.change(uri, { start: end, end }, "x")).toEqual([]);
    const small = await client.open("file:///h/small.env", "WORKER_WORKLOOPS=fast_lane:0\n");
    expect(small.map(({ code }) => code)).toEqual(["capacity-invalid"]);
    await notify("textDocument/didClose", { textDocument: { uri } });
  });
});

describe("a client that lies about itself", () => {
  const liar: ClientCapabilities = {
    workspace: {
      configuration: true,
      applyEdit: true,
      didChangeWatchedFiles: { dynamicRegistration: true },
      didChangeConfiguration: { dynamicRegistration: true },
    },
    textDocument: { formatting: { dynamicRegistration: true }, publishDiagnostics: {} },
  };

  test("it refuses what it offered: the defaults hold, and diagnostics come", async () => {
    const other = await startClient({
      capabilities: liar,
      settings: () => {
        throw new Error("no such request");
      },
    });
    other.connection.onRequest("client/registerCapability", () => {
      throw new Error("no such request");
    });
    const found = await other.open("file:///l/.env", "WORKER_WORKLOOPS=a:0\n");
    expect(found.map(({ code }) => code)).toEqual(["capacity-invalid"]);
    expect(await other.stop()).toBe(0);
    expect(other.stderr()).toBe("");
  });

  test("it sends null where the protocol has objects", async () => {
    const other = await startClient({
      capabilities: { workspace: null, textDocument: null, general: null } as never,
      initializationOptions: "nonsense",
    });
    const found = await other.open("file:///l/.env", "WORKER_WORKLOOPS=a:0\n");
    expect(found.map(({ code }) => code)).toEqual(["capacity-invalid"]);
    expect(await other.stop()).toBe(0);
  });
});

describe("position encodings", () => {
  const content = "# é€😀\nWORKER_WORKLOOPS=fast_lane:0 # 😀\n";
  const picture = async (positionEncodings: string[]) => {
    const other = await startClient({ capabilities: { general: { positionEncodings } } });
    const [found] = await other.open("file:///e/.env", `X='😀é' # ${content}`);
    await other.stop();
    return { encoding: other.initialized.capabilities.positionEncoding, range: found?.range };
  };

  test("utf-8 is taken when it is offered, utf-16 holds otherwise", async () => {
    expect((await picture(["utf-8", "utf-16"])).encoding).toBe("utf-8");
    expect((await picture(["utf-16"])).encoding).toBe("utf-16");
    expect((await picture(["utf-32"])).encoding).toBe("utf-16");
  });

  test("characters before the place are counted in it", async () => {
    const uri = "file:///e/compose.yaml";
    const line = 'services: { "😀é": { environment: { WORKER_WORKLOOPS: "a:0" } } }\n';
    const start = async (positionEncodings: string[]) => {
      const other = await startClient({ capabilities: { general: { positionEncodings } } });
      const found = await other.open(uri, line);
      await other.stop();
      return found.find(({ code }) => code === "capacity-invalid")?.range.start.character;
    };
    const before = line.slice(0, line.indexOf("0"));
    expect(await start(["utf-16"])).toBe(before.length);
    expect(await start(["utf-8"])).toBe(Buffer.byteLength(before));
  });
});
