import type { Span } from "@workloops/parser";
import { type Document, regionAt } from "../document.ts";
import type { Finding } from "../finding.ts";
import { type FileEdits, fixAll, gather } from "./fix-all.ts";
import { format, formatRegion } from "./format.ts";
import { migrate } from "./migrate.ts";

export type ActionKind =
  | "quickfix"
  | "refactor.rewrite"
  | "source.fixAll.workloops"
  | "source.format.workloops"
  | "source.migrate.workloops";

export interface Action {
  readonly title: string;
  readonly kind: ActionKind;
  readonly edits: FileEdits;
  /** What the action ends, for a quick fix. */
  readonly finding?: Finding;
  /** The one to take without looking at the others. */
  readonly preferred: boolean;
}

/**
 * What can be done at a span of a document: the fixes of the findings there, the cheapest
 * repair first, then what can be done to the value and to the whole file.
 */
export function actions(document: Document, span: Span, findings: readonly Finding[]): Action[] {
  const here = findings.filter(
    (finding) => finding.uri === document.uri && touch(finding.span, span),
  );
  const found: Action[] = here.flatMap((finding) =>
    finding.fixes.map((fix, i) => ({
      title: fix.title,
      kind: "quickfix" as const,
      edits: gather([fix]),
      finding,
      preferred: i === 0,
    })),
  );
  const region = regionAt(document, span.start);
  const formatted = region && formatRegion(region);
  if (formatted !== undefined && document.host !== "workloops") {
    const edits = gather([{ uri: document.uri, edits: [formatted] }]);
    found.push({
      title: "Format the configuration",
      kind: "refactor.rewrite",
      edits,
      preferred: false,
    });
  }
  const own = (edits: FileEdits) => new Map([...edits].filter(([uri]) => uri === document.uri));
  const whole: readonly (readonly [string, ActionKind, FileEdits])[] = [
    ["Fix all workloops problems", "source.fixAll.workloops", own(fixAll(findings))],
    [
      "Format all configurations",
      "source.format.workloops",
      gather([{ uri: document.uri, edits: format(document) }]),
    ],
    ["Migrate to workloops", "source.migrate.workloops", own(migrate(document, findings))],
  ];
  for (const [title, kind, edits] of whole) {
    const changes = [...edits.values()].some((list) => list.length > 0);
    if (changes) found.push({ title, kind, edits, preferred: false });
  }
  return found;
}

function touch(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}
