// A real client over stdio against the program that is shipped. It keeps its own copy of each
// text and sends incremental changes, as editors do.
import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
  type WorkspaceFolder,
} from "vscode-languageserver-protocol/node";

// Tests and benches both run at the root of the repository.
const shipped = resolve("packages/lsp/bin/workloops-language-server.mjs");

export const fullCapabilities: ClientCapabilities = {
  general: { positionEncodings: ["utf-16"] },
  window: { workDoneProgress: true },
  workspace: {
    applyEdit: true,
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true },
    diagnostics: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
  },
  textDocument: {
    publishDiagnostics: {
      relatedInformation: true,
      codeDescriptionSupport: true,
      dataSupport: true,
      versionSupport: true,
      tagSupport: { valueSet: [1, 2] },
    },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source.fixAll"] } },
      dataSupport: true,
      isPreferredSupport: true,
      resolveSupport: { properties: ["edit"] },
    },
    hover: { contentFormat: ["markdown", "plaintext"] },
    formatting: { dynamicRegistration: true },
    rename: { prepareSupport: true },
  },
};

export interface StartOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly folders?: readonly string[];
  /** Roots that are no folders of this machine. */
  readonly uris?: readonly string[];
  /** Another server than the one that is shipped. */
  readonly server?: string;
  /** Answers to `workspace/configuration`, by scope; the key "" is no scope. */
  readonly settings?: (scope: string) => unknown;
}

export interface Client {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  readonly process: ChildProcess;
  /** Everything that the server wrote to stderr: nothing, when all is well. */
  readonly stderr: () => string;
  readonly open: (uri: string, text: string, languageId?: string) => Promise<Diagnostic[]>;
  /** Replaces a range of the client's text; resolves with the diagnostics of that version. */
  readonly change: (uri: string, range: Range, text: string) => Promise<Diagnostic[]>;
  /** The next diagnostics published for a document that satisfy the condition. */
  readonly published: (
    uri: string,
    accept?: (params: PublishDiagnosticsParams) => boolean,
  ) => Promise<Diagnostic[]>;
  readonly configure: (settings: (scope: string) => unknown) => void;
  readonly stop: () => Promise<number | null>;
}

const folderOf = (path: string): WorkspaceFolder => ({
  uri: pathToFileURL(path).href,
  name: path,
});

export async function startClient(options: StartOptions = {}): Promise<Client> {
  const child = spawn(process.execPath, [options.server ?? shipped, "--stdio"], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += String(chunk);
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let settings = options.settings ?? (() => null);
  connection.onRequest("workspace/configuration", ({ items }) =>
    items.map((item: { scopeUri?: string }) => settings(item.scopeUri ?? "")),
  );
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest("window/workDoneProgress/create", () => null);
  connection.onRequest("workspace/diagnostic/refresh", () => null);
  connection.onRequest("workspace/inlayHint/refresh", () => null);
  const { published, received } = waiting();
  connection.onNotification("textDocument/publishDiagnostics", received);
  connection.listen();
  const parameters: InitializeParams = {
    processId: process.pid,
    rootUri: null,
    capabilities: options.capabilities ?? fullCapabilities,
    initializationOptions: options.initializationOptions,
    workspaceFolders:
      options.uris?.map((uri) => ({ uri, name: uri })) ?? options.folders?.map(folderOf) ?? null,
  };
  const initialized: InitializeResult = await connection.sendRequest("initialize", parameters);
  await connection.sendNotification("initialized", {});
  const versions = new Map<string, number>();
  return {
    connection,
    initialized,
    process: child,
    stderr: () => stderr,
    open: async (uri, text, languageId = "plaintext") => {
      versions.set(uri, 1);
      const answer = published(uri, ({ version }) => version === 1);
      const textDocument = { uri, languageId, version: 1, text };
      await connection.sendNotification("textDocument/didOpen", { textDocument });
      return answer;
    },
    change: async (uri, range, text) => {
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      const answer = published(uri, (params) => params.version === version);
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [{ range, text }],
      });
      return answer;
    },
    published,
    configure: (next) => {
      settings = next;
    },
    stop: async () => {
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      const code = await exited;
      connection.dispose();
      return code;
    },
  };
}

interface Waiter {
  readonly uri: string;
  readonly accept: (params: PublishDiagnosticsParams) => boolean;
  readonly resolve: (diagnostics: Diagnostic[]) => void;
}

function waiting() {
  const waiters = new Set<Waiter>();
  return {
    received: (params: PublishDiagnosticsParams) => {
      for (const waiter of waiters) {
        if (waiter.uri !== params.uri || !waiter.accept(params)) continue;
        waiters.delete(waiter);
        waiter.resolve(params.diagnostics);
      }
    },
    published: (uri: string, accept: Waiter["accept"] = () => true) =>
      new Promise<Diagnostic[]>((resolve) => waiters.add({ uri, accept, resolve })),
  };
}
