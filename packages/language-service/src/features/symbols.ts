import type { Span } from "@workloops/parser";
import type { Document } from "../document.ts";
import { parseOnce } from "../parse-once.ts";
import type { Place } from "../process.ts";
import { type Region, toFile } from "../region.ts";
import { groupsIn } from "./queue-places.ts";

/** One entry of a document's outline. */
export interface Outline {
  readonly name: string;
  readonly detail: string;
  readonly kind: "configuration" | "group";
  readonly span: Span;
  readonly children: readonly Outline[];
}

/** The configurations of a document, each with its groups. */
export function outline(document: Document): Outline[] {
  return document.regions.map((region) => ({
    name: titleOf(region),
    detail: oneLine(region.text),
    kind: "configuration",
    span: region.content,
    children: parseOnce(region.text).tree.groups.map((group) => ({
      name: region.text.slice(group.span.start, group.span.end),
      detail: "",
      kind: "group",
      span: toFile(region, group.span),
      children: [],
    })),
  }));
}

/** A configuration or a group that a person may search for. */
export interface FoundSymbol extends Place {
  readonly name: string;
  readonly kind: Outline["kind"];
  readonly container: string;
}

/** What an editor shows at most; a longer list helps nobody find something. */
const maxSymbols = 500;

/** Configurations and groups of all documents whose name holds the letters of the query in order. */
export function findSymbols(documents: Iterable<Document>, query: string): FoundSymbol[] {
  const found: FoundSymbol[] = [];
  for (const document of documents) {
    for (const region of document.regions) {
      const name = titleOf(region);
      if (!matches(name, query)) continue;
      found.push({
        uri: document.uri,
        span: region.content,
        name,
        kind: "configuration",
        container: oneLine(region.text),
      });
    }
    for (const { region, item } of groupsIn(document)) {
      const name = region.text.slice(item.span.start, item.span.end);
      if (!matches(name, query)) continue;
      found.push({
        uri: document.uri,
        span: toFile(region, item.span),
        name,
        kind: "group",
        container: titleOf(region),
      });
    }
    if (found.length >= maxSymbols) return found.slice(0, maxSymbols);
  }
  return found;
}

function titleOf(region: Region): string {
  return region.process.name;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function matches(name: string, query: string): boolean {
  const wanted = query.toLowerCase();
  let at = 0;
  for (const letter of name.toLowerCase()) if (letter === wanted[at]) at += 1;
  return at === wanted.length;
}
