import {
  CodeActionKind,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { explainCommand, fixWorkspaceCommand, migrateCommand } from "./protocol.ts";
import { semanticLegend } from "./semantic-legend.ts";
import type { Traits } from "./traits.ts";

const actionKinds = [
  CodeActionKind.QuickFix,
  CodeActionKind.RefactorRewrite,
  `${CodeActionKind.SourceFixAll}.workloops`,
  `${CodeActionKind.Source}.format.workloops`,
  `${CodeActionKind.Source}.migrate.workloops`,
];

/**
 * What the server answers. Formatting is absent on purpose: announced here it would cover host
 * languages too. It is registered for `.workloops` files alone, where the client can do that.
 */
export function capabilities(traits: Traits): ServerCapabilities {
  return {
    positionEncoding: traits.encoding,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: false },
    hoverProvider: true,
    completionProvider: { triggerCharacters: [">", ":", "*", " "] },
    codeActionProvider: { codeActionKinds: actionKinds },
    renameProvider: { prepareProvider: true },
    referencesProvider: true,
    definitionProvider: true,
    documentHighlightProvider: true,
    documentSymbolProvider: true,
    workspaceSymbolProvider: true,
    semanticTokensProvider: {
      legend: semanticLegend,
      full: true,
      range: false,
    },
    inlayHintProvider: true,
    diagnosticProvider: {
      identifier: "workloops",
      interFileDependencies: true,
      workspaceDiagnostics: true,
    },
    executeCommandProvider: { commands: [explainCommand, migrateCommand, fixWorkspaceCommand] },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
