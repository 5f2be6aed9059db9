import {
  checkProcess,
  type Given as Known,
  type ProcessDiagnostic,
  type ProcessGiven,
  type ProcessSubject,
} from "@workloops/parser";
import type { FileFix, Finding, RelatedPlace, Settings } from "../finding.ts";
import {
  type Given,
  givenOf,
  isWhole,
  isWorker,
  type Place,
  type Platform,
  type Process,
  type Quantity,
  winner,
} from "../process.ts";
import type { WorkerOption } from "../worker-options.ts";
import type { RuleContext } from "./host-rule.ts";

const mebibyte = 1024 * 1024;

/** Seconds that a platform waits between asking a process to stop and killing it. */
const defaultGrace: { readonly [P in Platform]?: number } = {
  compose: 10,
  kubernetes: 30,
  ecs: 30,
  systemd: 90,
};

const options: { readonly [S in ProcessSubject]?: WorkerOption } = {
  workloops: "workloops",
  capacity: "capacity",
  runMemory: "run-memory",
  runDuration: "max-run-duration-seconds",
  drainTimeout: "drain-timeout",
};

/** The language's rules over what a process is given, at the places where files give it. */
export function languageFindings(process: Process, context: RuleContext): Finding[] {
  const both = givenSomehow(process, "workloops") && givenSomehow(process, "capacity");
  if (!isWorker(process) && !both && process.platform !== "none") return [];
  const { overheadMb, overcommit } = context.settings;
  const settings = {
    ...(overheadMb === undefined ? {} : { overhead: overheadMb * mebibyte }),
    ...(overcommit === undefined ? {} : { overcommit }),
  };
  return checkProcess(facts(process, context.settings), settings).flatMap((problem) => {
    if (problem.code === "capacity-exclusivity" && !both) return [];
    const finding = placed(process, problem, context);
    return finding === undefined ? [] : [finding];
  });
}

/** A variable that is only passed through may be absent there. */
function givenSomehow(process: Process, option: WorkerOption): boolean {
  return process.given.some((given) => given.option === option && given.value !== undefined);
}

function facts(process: Process, settings: Settings): ProcessGiven {
  const number = (option: WorkerOption, unit = 1) => numberOf(winner(process, option), unit);
  const text = winner(process, "workloops");
  const runMemory = number("run-memory", mebibyte);
  const ownMemory: Known<number> =
    runMemory.state === "absent" && settings.runMemoryMb !== undefined
      ? { state: "known", value: settings.runMemoryMb * mebibyte }
      : runMemory;
  const { stopGrace, memoryLimit, platform } = process;
  const usualGrace = isWorker(process) && isWhole(process) ? defaultGrace[platform] : undefined;
  return {
    workloops: textOf(text),
    capacity: number("capacity"),
    runMemory: ownMemory,
    memoryLimit: measured(memoryLimit, undefined),
    runDuration: number("max-run-duration-seconds"),
    stopGrace: measured(stopGrace, usualGrace),
    drainTimeout: number("drain-timeout"),
  };
}

/** What is written, else what holds where nothing is. */
function measured(written: Quantity | undefined, usual: number | undefined): Known<number> {
  const value = written === undefined ? usual : written.value;
  if (value !== undefined) return { state: "known", value };
  return written === undefined ? { state: "absent" } : { state: "unknown" };
}

function textOf(given: Given | undefined): Known<string> {
  if (given === undefined) return { state: "absent" };
  const { value } = given;
  if (value === undefined || value.certainty === "opaque" || value.text.startsWith("@")) {
    return { state: "unknown" };
  }
  return { state: "known", value: value.text };
}

function numberOf(given: Given | undefined, unit: number): Known<number> {
  if (given === undefined) return { state: "absent" };
  const { value } = given;
  if (value === undefined || value.certainty === "opaque" || !/^\s*[0-9]+/.test(value.text)) {
    return { state: "unknown" };
  }
  return { state: "known", value: Number.parseInt(value.text, 10) * unit };
}

function placed(
  process: Process,
  problem: ProcessDiagnostic,
  context: RuleContext,
): Finding | undefined {
  const places = problem.subjects.flatMap((subject) => placeOf(process, subject) ?? []);
  const here = places.filter(({ uri }) => uri === context.uri);
  const elsewhere = new Set(places.map(({ uri }) => uri));
  // Where one other file holds all of it, that file shows it.
  if (here.length === 0 && elsewhere.size === 1 && places.length > 1) return undefined;
  const [first = { ...process, message: process.name }] = here;
  const related = places.filter((place) => place !== first);
  const { code, severity, message, data } = problem;
  const { uri, span } = first;
  const fixes = fixesOf(process, problem, context);
  return { code, severity, message, uri, span, related, data, fixes };
}

function fixesOf(process: Process, problem: ProcessDiagnostic, context: RuleContext): FileFix[] {
  if (problem.code === "capacity-exclusivity") return withoutCapacity(process);
  return problem.code === "stop-grace-short" ? longerGrace(process, problem.data, context) : [];
}

/** Writes the grace period that is needed, where one is written out in this file. */
function longerGrace(
  { stopGrace }: Process,
  { needed }: { readonly needed: number },
  { uri, text }: RuleContext,
): FileFix[] {
  if (stopGrace === undefined || stopGrace.uri !== uri) return [];
  const { span } = stopGrace;
  if (text.slice(span.start, span.end) !== stopGrace.text) return [];
  const edit = { span, text: /[a-z]/.test(stopGrace.text) ? `${needed}s` : String(needed) };
  return [{ title: "Raise the grace period", meaning: "keeps", uri, edits: [edit] }];
}

/** Takes every capacity out, where each is an entry of its own that one edit removes. */
function withoutCapacity(process: Process): FileFix[] {
  const entries = givenOf(process, "capacity");
  const [first] = entries;
  const edits = entries.flatMap(({ remove }) => remove ?? []);
  const together = entries.every(({ uri }) => uri === first?.uri);
  if (first === undefined || edits.length < entries.length || !together) return [];
  return [{ title: "Remove the capacity", meaning: "changes", uri: first.uri, edits }];
}

function placeOf(process: Process, subject: ProcessSubject): RelatedPlace | undefined {
  const option = options[subject];
  if (option !== undefined) {
    const given = winner(process, option);
    if (given === undefined) return undefined;
    const value =
      given.value?.certainty === "opaque" ? "" : ` ${JSON.stringify(given.value?.text ?? "")}`;
    const { uri, span } = given;
    return { uri, span, message: `${given.name}${value}, from ${given.from}` };
  }
  const quantity = quantityOf(process, subject);
  if (quantity !== undefined) return { ...at(quantity), message: `${quantity.text} here` };
  if (subject === "stopGrace")
    return { ...at(process), message: `${process.name} says nothing of its grace period` };
  return undefined;
}

function quantityOf(process: Process, subject: ProcessSubject): Quantity | undefined {
  if (subject === "memoryLimit") return process.memoryLimit;
  return subject === "stopGrace" ? process.stopGrace : undefined;
}

function at({ uri, span }: Place): Place {
  return { uri, span };
}
