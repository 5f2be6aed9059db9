import type { SemanticToken } from "@workloops/language-service";
import type { SemanticTokensLegend } from "vscode-languageserver";

type Kind = SemanticToken["kind"];

// A record, so that a new kind of token does not compile without its place here.
const places: Readonly<Record<Kind, true>> = {
  type: true,
  keyword: true,
  operator: true,
  number: true,
  comment: true,
};

/** The names of LSP that our kinds of tokens are; the numbers on the wire are places in this list. */
export const semanticTypes = Object.keys(places) as readonly Kind[];

export const semanticLegend: SemanticTokensLegend = {
  tokenTypes: [...semanticTypes],
  tokenModifiers: [],
};
