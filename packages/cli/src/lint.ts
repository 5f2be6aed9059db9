import { existsSync } from "node:fs";
import { resolve } from "node:path";
import {
  type Document,
  diagnose,
  type Finding,
  mayHoldValue,
  openDocument,
  type Settings,
  type Workspace,
} from "@workloops/language-service";
import { binary, decodeFile, looksBinary } from "./files/decode-file.ts";
import { type FoundFile, findFiles } from "./files/find-files.ts";
import type { Overlay } from "./files/overlay.ts";
import { readBytes } from "./files/read-file.ts";
import { holdsTrace } from "./files/traces.ts";
import {
  type LintReport,
  type ReportedFile,
  reported,
  type SkippedFile,
  summarise,
} from "./reports/report.ts";

export interface LintInput {
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly workspace: Workspace;
  readonly files: Overlay;
  readonly settingsOf: (path: string) => Settings;
}

export interface LintOutcome {
  readonly report: LintReport;
  /** Whether a path led to a file at all. */
  readonly matched: boolean;
}

interface Tally {
  readonly files: ReportedFile[];
  readonly skipped: SkippedFile[];
  looked: number;
  values: number;
}

/** Reads the files of the paths and judges the values in them. Files are held one at a time. */
export async function lint(input: LintInput): Promise<LintOutcome> {
  const tally: Tally = { files: [], skipped: [], looked: 0, values: 0 };
  const seen = new Set<string>();
  const matched = input.paths.some((path) => existsSync(resolve(input.cwd, path)));
  for (const found of findFiles(input.paths, input.cwd)) {
    if ("reason" in found) {
      tally.skipped.push(found);
      continue;
    }
    const { absolute } = found;
    if (seen.has(absolute) || (!found.named && !mayHoldValue(found.path))) continue;
    tally.looked += 1;
    const skippedBefore = tally.skipped.length;
    const document = open(found, absolute, input.files, tally);
    // A folder's file without a trace is neither: by its name it is read all the same.
    if (document !== undefined || tally.skipped.length > skippedBefore) seen.add(absolute);
    if (document !== undefined) await judge(document, found.named, input, tally);
  }
  return { report: reportOf(tally), matched };
}

/** Judges one text that did not come from a file of its name. */
export async function lintText(path: string, text: string, input: LintInput): Promise<LintOutcome> {
  const tally: Tally = { files: [], skipped: [], looked: 1, values: 0 };
  await judge(openDocument(path, text), true, input, tally);
  return { report: reportOf(tally), matched: true };
}

function reportOf({ files, skipped, looked, values }: Tally): LintReport {
  const summary = summarise(files, { files: looked, values, skipped: skipped.length });
  return { files, skipped, summary };
}

function open(
  found: Extract<FoundFile, { named: boolean }>,
  absolute: string,
  files: Overlay,
  tally: Tally,
): Document | undefined {
  const { path, named } = found;
  if (files.has(path)) {
    const changed = files.read(path);
    return "text" in changed ? openDocument(path, changed.text) : undefined;
  }
  const read = readBytes(absolute);
  if ("reason" in read) {
    tally.skipped.push({ path, reason: read.reason });
    return undefined;
  }
  if (!named && !holdsTrace(path, read.bytes)) {
    // A configuration in UTF-16 shows no trace; a program without an extension is none.
    if (looksBinary(read.bytes) && /\.[^/]+$/.test(path)) tally.skipped.push({ path, ...binary });
    return undefined;
  }
  const decoded = decodeFile(read.bytes);
  if ("reason" in decoded) {
    tally.skipped.push({ path, reason: decoded.reason });
    return undefined;
  }
  return openDocument(path, decoded.text);
}

/** What breaks a file is often the very thing that is told of, and needs no second sentence. */
function isToldOf({ traps }: Document, { span }: Document["problems"][number]): boolean {
  return traps.some((trap) => trap.span.start <= span.end && trap.span.end >= span.start);
}

async function judge(document: Document, named: boolean, input: LintInput, tally: Tally) {
  const { uri: path, text } = document;
  if (document.host === undefined && named) {
    tally.skipped.push({ path, reason: "is in no format that can hold a value" });
  }
  const problem = document.problems.find((found) => !isToldOf(document, found));
  if (problem !== undefined) {
    tally.skipped.push({ path, reason: `could be read only in part: ${problem.message}` });
  }
  tally.values += document.regions.length;
  const settings = input.settingsOf(path);
  const found = await diagnose(document, { workspace: input.workspace, settings });
  const own = found.filter((finding: Finding) => finding.uri === path);
  if (named || own.length > 0 || document.processes.length > 0) {
    const textOf = async (uri: string) => (uri === path ? text : input.workspace.read(uri));
    const findings = await reported(path, own, textOf);
    tally.files.push({ path, text: own.length > 0 ? text : "", findings });
  }
}
