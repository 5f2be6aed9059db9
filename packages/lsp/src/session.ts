import { maxDocumentUnits, rulePageOf } from "@workloops/language-service";
import {
  type Connection,
  FileChangeType,
  type InitializeParams,
  type TextDocumentContentChangeEvent,
} from "vscode-languageserver";
import { clientFiles } from "./client-files.ts";
import { answerCommands } from "./commands.ts";
import type { Context } from "./context.ts";
import { placesOf } from "./convert.ts";
import { answerPulls } from "./diagnostics.ts";
import { combineFiles } from "./files.ts";
import { createFindings } from "./findings.ts";
import type { Encoding } from "./lines.ts";
import { createProject, type NextEdit } from "./project.ts";
import {
  type FileParams,
  type RulePageParams,
  rulePageMethod,
  type TextResult,
  textMethod,
} from "./protocol.ts";
import { createPublisher, type Publisher } from "./publish.ts";
import { register } from "./register.ts";
import {
  answerAtPlaces,
  answerRenames,
  answerWholeDocuments,
  answerWorkspaceSymbols,
} from "./requests.ts";
import type { Surroundings } from "./server.ts";
import { clientSettings, createSettings, settingsFile } from "./settings.ts";
import { rootsOf, type Traits } from "./traits.ts";

/** Starts to answer: everything that the reply to `initialize` announced. */
export function startSession(
  connection: Connection,
  params: InitializeParams,
  traits: Traits,
  surroundings: Surroundings,
): void {
  const reached = traits.clientFiles ? clientFiles(connection) : undefined;
  const project = createProject(combineFiles(surroundings.files, reached));
  project.setRoots(rootsOf(params));
  const ask = clientSettings(connection, traits, project.spell);
  const settings = createSettings(project.workspace, ask.of);
  const findings = createFindings(project, settings);
  const context: Context = { connection, traits, project, settings, findings };
  const publisher = createPublisher(context, surroundings.defer);
  synchronize(context, publisher);
  watch(context, publisher, ask.pushed);
  answerPulls(context);
  answerAtPlaces(context);
  answerRenames(context);
  answerWholeDocuments(context);
  answerWorkspaceSymbols(context);
  answerCommands(context);
  connection.onRequest(rulePageMethod, async ({ code }: RulePageParams) => {
    return (await rulePageOf(code)) ?? null;
  });
  // Answers of the client come through the gate, which opens when this returns.
  void register(context);
}

function synchronize(context: Context, publisher: Publisher): void {
  const { connection, project, traits } = context;
  connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) => {
    project.open(uri, version, text);
    if (text.length > maxDocumentUnits) {
      const limit = `${maxDocumentUnits} characters`;
      connection.console.warn(`${uri} is larger than ${limit}: it is kept, and not read.`);
    }
    publisher.soon();
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const edits = contentChanges.map((change) => nextEdit(change, traits.encoding));
    const result = project.change(uri, version, edits);
    // The text is what the client says it is; that it counts wrongly is worth a line in its log.
    if (result === "version-not-newer") {
      connection.console.warn(`${uri}: version ${version} does not follow the version before it.`);
    }
    if (result === "not-open") {
      connection.console.warn(`${uri} was changed without being open. The change is left out.`);
    } else publisher.soon();
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    project.close(uri);
    publisher.closed(uri);
    publisher.soon();
  });
  connection.onRequest(textMethod, ({ uri }: FileParams): TextResult | null => {
    const open = project.get(uri);
    return open ? { version: open.version, text: open.live.document.text } : null;
  });
}

function nextEdit(change: TextDocumentContentChangeEvent, encoding: Encoding): NextEdit {
  return (document) =>
    "range" in change && change.range
      ? { span: placesOf(document, encoding).span(change.range), text: change.text }
      : { span: { start: 0, end: document.text.length }, text: change.text };
}

/** What changes outside of open documents: settings, files, roots. */
function watch(context: Context, publisher: Publisher, pushed: (settings: unknown) => void): void {
  const { connection, project, settings, traits } = context;
  const changed = () => {
    publisher.soon();
    if (traits.refreshesDiagnostics && traits.pullsDiagnostics) {
      connection.languages.diagnostics.refresh();
    }
    if (traits.refreshesHints) void connection.languages.inlayHint.refresh();
  };
  connection.onDidChangeConfiguration((params) => {
    pushed(params.settings);
    settings.forget();
    changed();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const uris = changes.map(({ uri }) => uri);
    const appeared = changes.some(({ type }) => type !== FileChangeType.Changed);
    project.changedOnDisk(uris, appeared);
    if (uris.some((uri) => uri.endsWith(`/${settingsFile}`))) settings.forget();
    changed();
  });
  if (!traits.folders) return;
  connection.onNotification(
    "workspace/didChangeWorkspaceFolders",
    ({ event }: { event: { added: { uri: string }[]; removed: { uri: string }[] } }) => {
      const gone = new Set(event.removed.map(({ uri }) => uri));
      const kept = project.roots().filter((uri) => !gone.has(uri));
      project.setRoots([...new Set([...kept, ...event.added.map(({ uri }) => uri)])]);
      settings.forget();
      changed();
    },
  );
}
