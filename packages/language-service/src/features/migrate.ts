import { defaultChain } from "@workloops/parser";
import type { Document } from "../document.ts";
import type { Finding } from "../finding.ts";
import { type Given, givenOf, isWorker, type Process } from "../process.ts";
import type { Edit } from "../region.ts";
import { type FileEdits, gather } from "./fix-all.ts";

/** Findings of the draft syntax, whose fix is the migration. */
const draftCodes: ReadonlySet<string> = new Set(["legacy-comma", "legacy-flag"]);

/**
 * Brings a document to workloops: the draft syntax by the fixes of its findings, and a worker's
 * plain capacity of N by `manual>*:N`, which is what such a worker serves.
 */
export function migrate(document: Document, findings: readonly Finding[]): FileEdits {
  const drafts = findings.flatMap(({ code, fixes }) =>
    draftCodes.has(code) ? fixes.slice(0, 1) : [],
  );
  const capacities = document.processes.flatMap((process) => {
    const edits = capacityEdits(document, process);
    return edits === undefined ? [] : [{ uri: document.uri, edits }];
  });
  return gather([...drafts, ...capacities]);
}

function capacityEdits(document: Document, process: Process): readonly Edit[] | undefined {
  if (!isWorker(process) || givenOf(process, "workloops").length > 0) return undefined;
  const [only, ...others] = givenOf(process, "capacity");
  // Of two capacities, only one is read; which one should stay is not ours to say.
  if (only === undefined || others.length > 0 || only.uri !== document.uri) return undefined;
  const { value } = only;
  if (value?.certainty !== "exact" || !/^[1-9][0-9]{0,4}$/.test(value.text)) return undefined;
  const name = renamed(document, only);
  const written = value.write(`${defaultChain}:${value.text}`);
  return name === undefined || written === undefined ? undefined : [name, written];
}

function renamed(document: Document, given: Given): Edit | undefined {
  const at = document.text.slice(given.span.start, given.span.end).indexOf(given.name);
  if (at < 0) return undefined;
  const start = given.span.start + at;
  const text = given.by === "flag" ? "--workloops" : "WORKER_WORKLOOPS";
  return { span: { start, end: start + given.name.length }, text };
}
