import type { InitializeParams } from "vscode-languageserver";
import type { DiagnosticOptions } from "./convert.ts";
import type { Encoding } from "./lines.ts";
import type { InitializationOptions } from "./protocol.ts";

/** What the client can do, as far as it says so. */
export interface Traits {
  readonly encoding: Encoding;
  readonly diagnostics: DiagnosticOptions;
  /** The client asks for diagnostics; none are pushed then, or it would show each twice. */
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly refreshesHints: boolean;
  readonly versionedEdits: boolean;
  readonly appliesEdits: boolean;
  readonly configuration: boolean;
  readonly markdown: boolean;
  readonly registersWatchers: boolean;
  readonly registersFormatting: boolean;
  readonly registersConfiguration: boolean;
  readonly folders: boolean;
  readonly summaries: boolean;
  readonly clientFiles: boolean;
}

export function traitsOf(params: InitializeParams): Traits {
  // A client may send null where the protocol has an object.
  const { general, workspace, textDocument } = params.capabilities ?? {};
  const options = optionsOf(params.initializationOptions);
  const published = textDocument?.publishDiagnostics;
  const pulled = textDocument?.diagnostic;
  const shown = pulled?.relatedInformation === undefined ? published : pulled;
  return {
    encoding: encodingOf(general?.positionEncodings),
    diagnostics: {
      related: shown?.relatedInformation === true,
      data: shown?.dataSupport === true,
      tags: shown?.tagSupport !== undefined,
      ruleLink: shown?.codeDescriptionSupport === true ? options.ruleLink : undefined,
    },
    pullsDiagnostics: pulled !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    appliesEdits: workspace?.applyEdit === true,
    configuration: workspace?.configuration === true,
    markdown: textDocument?.hover?.contentFormat?.includes("markdown") === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    registersFormatting: textDocument?.formatting?.dynamicRegistration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    folders: workspace?.workspaceFolders === true,
    summaries: options.summaries === true,
    clientFiles: options.clientFiles === true,
  };
}

/** UTF-8 where the client offers it at all: the encoding of the files themselves. */
function encodingOf(offered: unknown): Encoding {
  return Array.isArray(offered) && offered.includes("utf-8") ? "utf-8" : "utf-16";
}

function optionsOf(value: unknown): InitializationOptions {
  return typeof value === "object" && value !== null ? value : {};
}

/** The roots of the workspace, by any of the ways in which clients of different age name them. */
export function rootsOf(params: InitializeParams): string[] {
  const folders = params.workspaceFolders?.map(({ uri }) => uri);
  if (folders !== undefined && folders.length > 0) return folders;
  return typeof params.rootUri === "string" ? [params.rootUri] : [];
}
