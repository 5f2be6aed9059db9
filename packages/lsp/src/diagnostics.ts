import type { Document } from "@workloops/language-service";
import {
  type CancellationToken,
  type Diagnostic,
  DocumentDiagnosticReportKind,
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver";
import { type Context, places } from "./context.ts";
import { type Places, toDiagnostic } from "./convert.ts";
import type { Report } from "./findings.ts";

/** The diagnostics of a report in the client's terms. */
export async function diagnosticsOf(
  context: Context,
  document: Document,
  report: Report,
): Promise<Diagnostic[]> {
  const { project, traits } = context;
  const others = new Map<string, { readonly uri: string; readonly places: Places }>();
  const uris = new Set(report.findings.flatMap(({ related }) => related.map(({ uri }) => uri)));
  for (const uri of uris) {
    const other = uri === document.uri ? document : await project.find(uri);
    if (other) others.set(uri, { uri: project.spell(uri), places: places(context, other) });
  }
  const own = places(context, document);
  return report.findings
    .filter(({ uri }) => uri === document.uri)
    .map((finding) => toDiagnostic(finding, own, traits.diagnostics, (uri) => others.get(uri)));
}

/** `textDocument/diagnostic` and `workspace/diagnostic` (LSP 3.17). */
export function answerPulls(context: Context): void {
  const { connection, project, findings } = context;
  connection.languages.diagnostics.on(async ({ textDocument, previousResultId }) => {
    const document = await project.find(textDocument.uri);
    if (document === undefined) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
    const report = await findings(document);
    if (report.id === previousResultId) {
      return { kind: DocumentDiagnosticReportKind.Unchanged, resultId: report.id };
    }
    const items = await diagnosticsOf(context, document, report);
    return { kind: DocumentDiagnosticReportKind.Full, resultId: report.id, items };
  });
  connection.languages.diagnostics.onWorkspace(async (params, token, progress) => {
    const before = new Map(params.previousResultIds.map(({ uri, value }) => [uri, value]));
    progress.begin("Workloops", 0, "Reading the files of the workspace");
    try {
      return { items: await workspaceReports(context, before, token) };
    } finally {
      progress.done();
    }
  });
}

async function workspaceReports(
  context: Context,
  before: ReadonlyMap<string, string>,
  token: CancellationToken,
): Promise<WorkspaceDocumentDiagnosticReport[]> {
  const { project, findings } = context;
  const cancelled = () => token.isCancellationRequested;
  const items: WorkspaceDocumentDiagnosticReport[] = [];
  const seen = new Set<string>();
  for (const document of await project.all(cancelled)) {
    if (cancelled()) throw cancellation();
    const uri = project.spell(document.uri);
    seen.add(uri);
    const report = await findings(document);
    const known = before.get(uri);
    // Most files of a workspace hold nothing: of those only a change is told.
    if (report.findings.length === 0 && known === undefined) continue;
    const version = project.get(uri)?.version ?? null;
    const kind = DocumentDiagnosticReportKind;
    if (known === report.id)
      items.push({ kind: kind.Unchanged, uri, version, resultId: report.id });
    else {
      const found = await diagnosticsOf(context, document, report);
      items.push({ kind: kind.Full, uri, version, resultId: report.id, items: found });
    }
  }
  for (const uri of before.keys()) {
    if (seen.has(uri)) continue;
    items.push({ kind: DocumentDiagnosticReportKind.Full, uri, version: null, items: [] });
  }
  return items;
}

export function cancellation(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, "The client cancelled the request.");
}

export function refusal(why: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, why);
}
