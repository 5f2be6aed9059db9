// The only file that knows both our words and those of LSP.
import type {
  Action,
  Completion,
  Document,
  FileEdits,
  Finding,
  FoundSymbol,
  Hover,
  InlayHint,
  Outline,
  SemanticToken,
} from "@workloops/language-service";
import * as lsp from "vscode-languageserver";
import { type Encoding, type Lines, lines, offsetAt, positionAt } from "./lines.ts";
import { semanticTypes } from "./semantic-legend.ts";

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Positions of one document in the client's encoding. */
export interface Places {
  readonly range: (span: Span) => lsp.Range;
  readonly position: (offset: number) => lsp.Position;
  readonly offset: (position: lsp.Position) => number;
  readonly span: (range: lsp.Range) => Span;
}

// The index of a text's lines is as good as the document that it belongs to.
const indexes = new WeakMap<Document, Lines>();

export function placesOf(document: Document, encoding: Encoding): Places {
  const index = indexes.get(document) ?? lines(document.text);
  indexes.set(document, index);
  const position = (offset: number) => positionAt(index, offset, encoding);
  const offset = (at: lsp.Position) => offsetAt(index, at, encoding);
  return {
    position,
    offset,
    range: ({ start, end }) => ({ start: position(start), end: position(end) }),
    span: ({ start, end }) => {
      const [a, b] = [offset(start), offset(end)];
      return a <= b ? { start: a, end: b } : { start: b, end: a };
    },
  };
}

const severities = {
  error: lsp.DiagnosticSeverity.Error,
  warning: lsp.DiagnosticSeverity.Warning,
  hint: lsp.DiagnosticSeverity.Hint,
} as const;

/** What an editor may show as old, or as text without effect. */
const tags: Readonly<Record<string, lsp.DiagnosticTag>> = {
  "legacy-comma": lsp.DiagnosticTag.Deprecated,
  "legacy-flag": lsp.DiagnosticTag.Deprecated,
  "duplicate-queue": lsp.DiagnosticTag.Unnecessary,
};

export interface DiagnosticOptions {
  readonly related: boolean;
  readonly data: boolean;
  readonly tags: boolean;
  /** With `{code}` where the rule's name goes. */
  readonly ruleLink: string | undefined;
}

/** `placesIn` gives the places of another document; undefined where it cannot be read any more. */
export function toDiagnostic(
  finding: Finding,
  places: Places,
  options: DiagnosticOptions,
  placesIn: (uri: string) => { readonly uri: string; readonly places: Places } | undefined,
): lsp.Diagnostic {
  const related = finding.related.flatMap(({ uri, span, message }) => {
    const other = placesIn(uri);
    return other
      ? [{ location: { uri: other.uri, range: other.places.range(span) }, message }]
      : [];
  });
  const tag = tags[finding.code];
  return {
    range: places.range(finding.span),
    severity: severities[finding.severity],
    code: finding.code,
    source: "workloops",
    message: finding.message,
    ...(options.ruleLink && {
      codeDescription: { href: options.ruleLink.replace("{code}", finding.code) },
    }),
    ...(options.related && related.length > 0 && { relatedInformation: related }),
    ...(options.tags && tag !== undefined && { tags: [tag] }),
    ...(options.data && { data: finding.data }),
  };
}

export function toHover({ span, paragraphs }: Hover, places: Places, markdown: boolean): lsp.Hover {
  const value = paragraphs.join("\n\n");
  const contents = markdown
    ? { kind: lsp.MarkupKind.Markdown, value }
    : { kind: lsp.MarkupKind.PlainText, value: value.replace(/\*\*|`+(?:workloops\n)?/g, "") };
  return { range: places.range(span), contents };
}

const completionKinds = {
  queue: lsp.CompletionItemKind.Value,
  wildcard: lsp.CompletionItemKind.Keyword,
  operator: lsp.CompletionItemKind.Operator,
  capacity: lsp.CompletionItemKind.Unit,
} as const;

export function toCompletion(item: Completion, order: number, places: Places): lsp.CompletionItem {
  return {
    label: item.label,
    kind: completionKinds[item.kind],
    detail: item.detail,
    filterText: item.filter,
    sortText: String(order).padStart(4, "0"),
    textEdit: { range: places.range(item.span), newText: item.text },
  };
}

export function toSymbol(outline: Outline, places: Places): lsp.DocumentSymbol {
  const range = places.range(outline.span);
  const group = outline.kind === "group";
  return {
    // A symbol without a name is refused by clients.
    name: outline.name || "(empty)",
    detail: outline.detail,
    kind: group ? lsp.SymbolKind.Field : lsp.SymbolKind.Object,
    range,
    selectionRange: range,
    children: outline.children.map((child) => toSymbol(child, places)),
  };
}

export function toWorkspaceSymbol(
  found: FoundSymbol,
  uri: string,
  places: Places,
): lsp.SymbolInformation {
  return {
    name: found.name,
    kind: found.kind === "group" ? lsp.SymbolKind.Field : lsp.SymbolKind.Object,
    containerName: found.container,
    location: { uri, range: places.range(found.span) },
  };
}

export function toInlayHint(hint: InlayHint, places: Places): lsp.InlayHint {
  return {
    position: places.position(hint.offset),
    label: hint.label,
    tooltip: hint.tooltip,
    paddingLeft: true,
  };
}

/** Five numbers a token, each place relative to the one before (LSP 3.17, Semantic Tokens). */
export function toSemanticTokens(
  tokens: readonly SemanticToken[],
  places: Places,
): lsp.SemanticTokens {
  let line = 0;
  let character = 0;
  const data = tokens.flatMap(({ span, kind }) => {
    const { start, end } = places.range(span);
    const from = start.line === line ? character : 0;
    const five = [
      start.line - line,
      start.character - from,
      end.character - start.character,
      semanticTypes.indexOf(kind),
      0,
    ];
    ({ line, character } = start);
    return five;
  });
  return { data };
}

export interface EditTarget {
  /** As the client spells it. */
  readonly uri: string;
  readonly places: Places;
  /** Null for a document that is not open. */
  readonly version: number | null;
}

/** Edits of several files; with versions where the client understands them. */
export function toWorkspaceEdit(
  edits: FileEdits,
  target: (uri: string) => EditTarget | undefined,
  versions: boolean,
): lsp.WorkspaceEdit {
  const changes = [...edits].flatMap(([uri, list]) => {
    const found = target(uri);
    if (found === undefined || list.length === 0) return [];
    const textEdits = list.map(({ span, text }) => ({
      range: found.places.range(span),
      newText: text,
    }));
    return [{ textDocument: { uri: found.uri, version: found.version }, edits: textEdits }];
  });
  if (versions) return { documentChanges: changes };
  return { changes: Object.fromEntries(changes.map((c) => [c.textDocument.uri, c.edits])) };
}

export function toCodeAction(
  action: Action,
  edit: lsp.WorkspaceEdit,
  diagnostics: readonly lsp.Diagnostic[],
): lsp.CodeAction {
  return {
    title: action.title,
    kind: action.kind,
    edit,
    ...(diagnostics.length > 0 && { diagnostics: [...diagnostics] }),
    ...(action.preferred && { isPreferred: true }),
  };
}
