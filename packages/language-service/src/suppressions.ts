import type { RuleText } from "@workloops/parser";
import type { Document } from "./document.ts";
import type { Finding } from "./finding.ts";
import { suppressionReasonMissing } from "./rules/suppression-reason-missing.ts";
import { suppressionUnused } from "./rules/suppression-unused.ts";

/** One comment that silences findings of a line, or of the whole file. */
interface Suppression {
  readonly codes: readonly string[];
  readonly hasReason: boolean;
  readonly start: number;
  readonly end: number;
  /** Offsets of the line that it speaks of; undefined for the whole file. */
  readonly line: { readonly start: number; readonly end: number } | undefined;
}

const pattern =
  /(?:^|[ \t])(#|\/\/)[ \t]*workloops-ignore(-file)?[ \t]+([a-z][a-z-]*(?:[ \t]*,[ \t]*[a-z][a-z-]*)*)[ \t]*(?::[ \t]*([^\r\n]*?))?[ \t]*$/gm;

function suppressionsIn({ text, comment }: Document): Suppression[] {
  if (comment === undefined || !text.includes("workloops-ignore")) return [];
  return [...text.matchAll(pattern)].flatMap((match): Suppression[] => {
    const [all, sign = "", file, codes = "", reason = ""] = match;
    const start = match.index + all.indexOf(sign);
    const alone = text.slice(text.lastIndexOf("\n", start - 1) + 1, start).trim() === "";
    if (sign !== comment.sign || !(alone || comment.trails)) return [];
    const end = match.index + all.trimEnd().length;
    const line = file === undefined ? lineOf(text, start) : undefined;
    return [{ codes: codes.split(/[\s,]+/), hasReason: reason !== "", start, end, line }];
  });
}

/** The comment's own line, or the one behind it where nothing else stands there. */
function lineOf(text: string, start: number) {
  const begin = text.lastIndexOf("\n", start - 1) + 1;
  const alone = text.slice(begin, start).trim() === "";
  let from = begin;
  if (alone) {
    do from = text.indexOf("\n", from) + 1;
    while (from > 0 && isComment(text, from));
    if (from === 0) return { start: text.length, end: text.length };
  }
  const feed = text.indexOf("\n", from);
  return { start: from, end: feed < 0 ? text.length : feed };
}

/** Comments may stand in a row, each with a code of its own. */
function isComment(text: string, at: number): boolean {
  return /^[ \t]*(?:#|\/\/)/.test(text.slice(at, at + 200));
}

/** Takes out what the document's comments silence, and adds what is wrong with those comments. */
export function suppress(document: Document, findings: readonly Finding[]): Finding[] {
  const all = suppressionsIn(document);
  if (all.length === 0) return [...findings];
  const used = new Set<string>();
  const kept = findings.filter((finding) => {
    let silenced = false;
    for (const found of all) {
      if (!found.hasReason || !covers(document, found, finding)) continue;
      used.add(`${found.start} ${finding.code}`);
      silenced = true;
    }
    return !silenced;
  });
  for (const found of all) {
    const unused = found.codes.filter((code) => !used.has(`${found.start} ${code}`));
    if (!found.hasReason) kept.push(about(document, found, suppressionReasonMissing, found.codes));
    else if (unused.length > 0) kept.push(about(document, found, suppressionUnused, unused));
  }
  return kept;
}

function covers({ uri }: Document, { codes, line }: Suppression, finding: Finding): boolean {
  if (finding.uri !== uri || !codes.includes(finding.code)) return false;
  return line === undefined || (finding.span.start >= line.start && finding.span.start <= line.end);
}

function about(
  { uri }: Document,
  { start, end }: Suppression,
  { code, severity }: RuleText,
  codes: readonly string[],
): Finding {
  const named = codes.map((found) => `\`${found}\``).join(", ");
  const message =
    code === suppressionUnused.code
      ? `This comment silences ${named}, which is not found there: remove it.`
      : `Say why ${named} is silenced, behind a colon: without a reason nothing is.`;
  const span = { start, end };
  return { code, severity, message, uri, span, related: [], data: { codes }, fixes: [] };
}
