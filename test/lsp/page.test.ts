import { expect, test } from "vitest";
import type { RegistrationParams } from "vscode-languageserver-protocol";
import packageJson from "../../packages/lsp/package.json" with { type: "json" };
import { version } from "../../packages/lsp/src/version.ts";
import { startClient } from "./client.ts";

interface Row {
  /** Of `ServerCapabilities`. */
  readonly capability: string;
  readonly methods: readonly string[];
  readonly what: string;
}

const rows: readonly Row[] = [
  {
    capability: "textDocumentSync",
    methods: ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"],
    what: "Incremental. Any document may be sent; one without a configuration is answered with nothing.",
  },
  {
    capability: "diagnosticProvider",
    methods: ["textDocument/diagnostic", "workspace/diagnostic"],
    what: "Pulled, for a document or for all files of the roots, with result ids. A client that does not pull has the same pushed for what is open (`textDocument/publishDiagnostics`, with the version).",
  },
  {
    capability: "hoverProvider",
    methods: ["textDocument/hover"],
    what: "What a queue, a number or a group means, who serves the queue, and the value as the process receives it.",
  },
  {
    capability: "completionProvider",
    methods: ["textDocument/completion"],
    what: "Queues, `*`, `>`, `>*` and capacities; only what may stand at the cursor, written as the host needs it.",
  },
  {
    capability: "codeActionProvider",
    methods: ["textDocument/codeAction"],
    what: "Fixes, the cheapest repair first and preferred; format, fix all, and migrate as source actions.",
  },
  {
    capability: "renameProvider",
    methods: ["textDocument/prepareRename", "textDocument/rename"],
    what: "A queue, in all files of the roots. A name that cannot be a queue's is refused with the reason.",
  },
  {
    capability: "referencesProvider",
    methods: ["textDocument/references"],
    what: "Where a queue is named, in all files of the roots.",
  },
  {
    capability: "definitionProvider",
    methods: ["textDocument/definition"],
    what: "The queue's name in `workloops.config.json` when that declares it, else the same places: such a queue exists by being named.",
  },
  {
    capability: "documentHighlightProvider",
    methods: ["textDocument/documentHighlight"],
    what: "The same queue in this document.",
  },
  {
    capability: "documentSymbolProvider",
    methods: ["textDocument/documentSymbol"],
    what: "Configurations and their groups.",
  },
  {
    capability: "workspaceSymbolProvider",
    methods: ["workspace/symbol"],
    what: "The same, over all files of the roots; at most 500.",
  },
  {
    capability: "semanticTokensProvider",
    methods: ["textDocument/semanticTokens/full"],
    what: "In `.workloops` files; empty elsewhere, where the host's own tokens must win.",
  },
  {
    capability: "inlayHintProvider",
    methods: ["textDocument/inlayHint"],
    what: "Slots and memory, behind each value that can be run.",
  },
  {
    capability: "executeCommandProvider",
    methods: ["workspace/executeCommand"],
    what: "Explain at a position (Markdown), migrate a file, fix all in the workspace (with progress; both apply their edit through the client).",
  },
  {
    capability: "workspace",
    methods: ["workspace/didChangeWorkspaceFolders"],
    what: "Several roots, each with its own settings.",
  },
];

const registered: Readonly<Record<string, string>> = {
  "workspace/didChangeWatchedFiles":
    "Files that may hold a configuration, and `workloops.config.json`.",
  "workspace/didChangeConfiguration": "The section `workloops`.",
  "textDocument/formatting":
    "For the language `workloops` and `**/*.workloops` only, so that no host gets a second formatter.",
};

const cell = (methods: readonly string[]) => methods.map((method) => `\`${method}\``).join("<br>");

test("docs/lsp.md is what a live initialize says (vitest -u writes it)", async () => {
  const client = await startClient();
  const registrations = new Promise<string[]>((resolve) => {
    const found: string[] = [];
    client.connection.onRequest("client/registerCapability", (params: RegistrationParams) => {
      found.push(...params.registrations.map(({ method }) => method));
      if (found.length === Object.keys(registered).length) resolve(found);
    });
  });
  const { positionEncoding, ...capabilities } = client.initialized.capabilities;
  expect(positionEncoding).toBe("utf-16");
  expect(Object.keys(capabilities).sort()).toEqual(rows.map(({ capability }) => capability).sort());
  const kinds = capabilities.codeActionProvider;
  const commands = capabilities.executeCommandProvider?.commands ?? [];
  const dynamic = await registrations;
  await client.stop();
  const page = [
    "# The language server",
    "",
    "`workloops-language-server --stdio` speaks LSP 3.17. This page is written from what the server says when a client starts it; a test compares the two.",
    "",
    "| method | what |",
    "|---|---|",
    ...rows.map(({ methods, what }) => `| ${cell(methods)} | ${what} |`),
    "",
    "Registered once the client is ready, where it can register:",
    "",
    "| method | what |",
    "|---|---|",
    ...dynamic.map((method) => `| \`${method}\` | ${registered[method]} |`),
    "",
    `Positions count in UTF-8 where the client offers it, else in UTF-16. Code actions: ${(typeof kinds === "object" ? (kinds.codeActionKinds ?? []) : []).map((kind) => `\`${kind}\``).join(", ")}. Commands: ${commands.map((command) => `\`${command}\``).join(", ")}.`,
    "",
    "Requests over the whole workspace can be cancelled. The server reads files below the roots that may hold a configuration, up to 1 MiB each, and what those name (`env_file`, `extends`); it writes nothing and starts nothing.",
    "",
  ].join("\n");
  await expect(page).toMatchFileSnapshot("../../docs/lsp.md");
});

test("the version is the package's", () => {
  expect(version).toBe(packageJson.version);
});
