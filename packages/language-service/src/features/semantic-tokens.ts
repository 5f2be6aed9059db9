import { comments, parse, type Span } from "@workloops/parser";
import type { Document } from "../document.ts";
import { toFile } from "../region.ts";

export type TokenKind = "type" | "keyword" | "operator" | "number" | "comment";

export interface SemanticToken {
  readonly span: Span;
  readonly kind: TokenKind;
}

/**
 * What each word of a `.workloops` file is, in the order of the file. Other hosts get none:
 * only one provider of such tokens wins in a document, and there it is the host's own.
 */
export function semanticTokens(document: Document): SemanticToken[] {
  if (document.host !== "workloops") return [];
  const tokens: SemanticToken[] = comments(document.text).map((span) => ({
    span,
    kind: "comment",
  }));
  for (const region of document.regions) {
    for (const group of parse(region.text).tree.groups) {
      for (const queue of group.chain.queues) {
        const kind = queue.kind === "wildcard" ? "keyword" : "type";
        tokens.push({ span: toFile(region, queue.span), kind });
      }
      if (group.capacity)
        tokens.push({ span: toFile(region, group.capacity.span), kind: "number" });
      for (const { index } of region.text
        .slice(group.span.start, group.span.end)
        .matchAll(/[>:]/g)) {
        const start = group.span.start + index;
        tokens.push({ span: toFile(region, { start, end: start + 1 }), kind: "operator" });
      }
    }
  }
  return tokens
    .filter(({ span }) => span.end > span.start)
    .sort((a, b) => a.span.start - b.span.start);
}
