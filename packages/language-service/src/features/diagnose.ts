import type { Severity } from "@workloops/parser";
import type { Document } from "../document.ts";
import type { Finding, Settings } from "../finding.ts";
import { type Given, isWorker, type Process } from "../process.ts";
import type { Region } from "../region.ts";
import { resolveProcess } from "../resolve-process.ts";
import { languageFindings } from "../rules/language-findings.ts";
import { unservedQueues } from "../rules/queue-unserved.ts";
import { processRules } from "../rules/rules.ts";
import { suppress } from "../suppressions.ts";
import { noWorkspace, type Workspace } from "../workspace.ts";
import { envFileFindings } from "./env-file-findings.ts";
import { includeFindings } from "./include-findings.ts";
import { trapFinding } from "./trap-finding.ts";
import { valueFindings } from "./value-findings.ts";

/** What a diagnosis may look at beside the document. */
export interface DiagnoseContext {
  readonly workspace?: Workspace;
  readonly settings?: Settings;
}

/**
 * Everything that is wrong in a document, in the order of its places. A finding that other
 * files take part in stands in this document, with the other places beside it; where no end
 * of it stands here, its own document shows it.
 */
export async function diagnose(
  document: Document,
  context: DiagnoseContext = {},
): Promise<readonly Finding[]> {
  const { workspace = noWorkspace, settings = {} } = context;
  const found: Finding[] = document.traps.map((trap) => trapFinding(document.uri, trap));
  for (const region of document.regions) {
    if (!isTrapped(document, region)) found.push(...ofRegion(region, settings));
  }
  const rules = { uri: document.uri, text: document.text, settings };
  const processes: Process[] = [];
  for (const process of document.processes) {
    const whole = await resolveProcess(process, document.processes, workspace);
    const resolved = withoutTrapped(document, whole);
    // Most services of a long file are other programs, of which nothing is said.
    if (resolved.given.length === 0 && !isWorker(resolved)) continue;
    processes.push(resolved);
    found.push(...broughtIn(document, process, resolved, settings));
    if (process.links.length > 0) {
      found.push(...(await envFileFindings(process, workspace, settings)));
    }
    found.push(...languageFindings(resolved, rules));
    for (const rule of processRules) {
      const { code, severity } = rule;
      found.push(...rule.find(resolved, rules).map((rest) => ({ code, severity, ...rest })));
    }
  }
  found.push(...(await includeFindings(document, workspace, rules)));
  found.push(...(await unservedQueues(processes, workspace, rules)));
  return ordered(suppress(document, unique(found, settings)));
}

/** Of a value that does not arrive whole only that is said: what arrives is not what was meant. */
function isTrapped({ traps, text }: Document, { span }: Pick<Region, "span">): boolean {
  return traps.some(
    (trap) =>
      trap.span.end >= span.start &&
      // What a comment cuts off begins behind white space.
      (trap.span.start <= span.end || /^[ \t]+$/.test(text.slice(span.end, trap.span.start))),
  );
}

/** What arrives of a trapped value is known, but to reason about it would only confuse. */
function withoutTrapped(document: Document, process: Process): Process {
  if (document.traps.length === 0) return process;
  const given = process.given.map((one): Given => {
    const { value } = one;
    if (value === undefined || one.uri !== document.uri || !isTrapped(document, value)) return one;
    return { ...one, value: { ...value, certainty: "opaque" } };
  });
  return { ...process, given };
}

function ofRegion(region: Region, settings: Settings): Finding[] {
  // `@FILE` names a `.workloops` file, which is a document of its own.
  if (region.text.startsWith("@")) return [];
  return valueFindings(region, settings).map((finding) => ({
    ...finding,
    span: shown(region, finding.span),
  }));
}

/**
 * Values that `.env` puts in for `${NAME}`, and that `valueFrom` takes from a key: told where
 * they are named, since where they stand they are no values of ours.
 */
function broughtIn(
  { uri }: Document,
  written: Process,
  resolved: Process,
  settings: Settings,
): Finding[] {
  return written.given.flatMap((own): Finding[] => {
    const name = own.value?.variable ?? own.source?.key ?? otherFile(own);
    if (own.option !== "workloops" || own.value === undefined || name === undefined) return [];
    const found = resolved.given.find(({ span, uri: where }) => where === uri && span === own.span);
    const value = found?.value;
    if (value === undefined || value === own.value || value.certainty === "opaque") return [];
    // A variable of that name is a value of its own document.
    if (name === "WORKER_WORKLOOPS" || value.text.startsWith("@")) return [];
    const at = { uri, span: own.value.content };
    return valueFindings(value, settings).map((finding) => {
      const related = [{ uri: value.uri, span: finding.span, message: `${name} is set here` }];
      return { ...finding, ...at, related, fixes: [] };
    });
  });
}

/** `@FILE` where the file's name does not say what it holds; a `.workloops` file is a document of its own. */
function otherFile({ value }: Given): string | undefined {
  return value?.certainty === "exact" && /^@.*(?<!\.workloops)$/s.test(value.text)
    ? value.text
    : undefined;
}

/** An empty value has no character to point at: its quotes, or its whole entry, stand for it. */
function shown(region: Region, span: Finding["span"]): Finding["span"] {
  if (span.end > span.start) return span;
  if (region.span.end > region.span.start) return region.span;
  const holds = (given: Given) =>
    given.value?.content.start === region.content.start && given.uri === region.uri;
  return region.process.given.find(holds)?.span ?? span;
}

/** With the severities of the settings. A place that several processes share by an anchor is told once. */
function unique(found: readonly Finding[], settings: Settings): Finding[] {
  const byPlace = new Map<string, Finding>();
  for (const finding of found) {
    const severity: Severity | "off" = settings.severities?.[finding.code] ?? finding.severity;
    if (severity === "off") continue;
    const { code, uri, span, message } = finding;
    const key = `${code} ${uri} ${span.start} ${span.end} ${message}`;
    if (!byPlace.has(key)) byPlace.set(key, { ...finding, severity });
  }
  return [...byPlace.values()];
}

function ordered(found: readonly Finding[]): Finding[] {
  return [...found].sort(
    (a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.code < b.code ? -1 : 1),
  );
}
