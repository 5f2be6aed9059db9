import { readFileSync } from "node:fs";
import {
  check,
  checkProcess,
  type Diagnostic,
  fixes,
  frame,
  helpOf,
  type Given as Known,
  type Plan,
  type ProcessDiagnostic,
  parse,
  plan,
  type Span,
  sourceValue,
} from "@workloops/parser";
import type { Given, Options } from "./read-options.ts";

/** The lanes, or why there are none. Each text is a code frame, as `workloops lint` prints it. */
export type Configured =
  | {
      readonly ok: true;
      readonly plan: Plan;
      readonly warnings: readonly string[];
      /** The finding of `memory-ceiling`, where it is one. */
      readonly memory: string | undefined;
    }
  | { readonly ok: false; readonly errors: readonly string[] };

export interface Surroundings {
  readonly runMemoryMb: number;
  /** Bytes that the process and its children may take. */
  readonly memoryLimit: number;
  readonly runDurationSeconds: number;
}

/** What the worker runs where it is told nothing. Source: worker-contract 1. */
const USUAL_CAPACITY = 5;
const MEBIBYTE = 1024 * 1024;

export function configure(options: Options, surroundings: Surroundings): Configured {
  const workloops = options.given.get("workloops");
  const capacity = options.given.get("capacity");
  const findings = checkProcess({
    workloops: workloops === undefined ? absent : known(textOf(workloops)),
    capacity: capacity === undefined ? absent : capacityGiven(options),
    runMemory: known(surroundings.runMemoryMb * MEBIBYTE),
    memoryLimit: known(surroundings.memoryLimit),
    runDuration: known(surroundings.runDurationSeconds),
    stopGrace: absent,
  });
  const exclusive = findings.find(({ code }) => code === "capacity-exclusivity");
  if (exclusive !== undefined && capacity !== undefined) {
    return { ok: false, errors: [processFrame(exclusive, capacity)] };
  }
  const source = sourceOf(workloops, options);
  if (!source.ok) return { ok: false, errors: [source.problem] };
  const { tree, diagnostics } = parse(source.value);
  const shown = [...diagnostics, ...check(tree, {})];
  const frames = (of: readonly Diagnostic[]) =>
    of.map((diagnostic) => diagnosticFrame(diagnostic, source));
  const errors = shown.filter(({ severity }) => severity === "error");
  if (errors.length > 0) return { ok: false, errors: frames(errors) };
  const memory = findings.find(({ code }) => code === "memory-ceiling");
  const pointed = workloops ?? capacity;
  return {
    ok: true,
    plan: plan(tree),
    warnings: frames(shown.filter(({ severity }) => severity === "warning")),
    memory:
      memory === undefined
        ? undefined
        : pointed === undefined
          ? memory.message
          : processFrame(memory, pointed),
  };
}

const absent = { state: "absent" } as const;

function known<T>(value: T): Known<T> {
  return { state: "known", value };
}

function capacityGiven({ values }: Options): Known<number> {
  const value = values.get("capacity");
  return typeof value === "number" ? known(value) : { state: "unknown" };
}

type Source =
  | {
      readonly ok: true;
      /** What is parsed; as long as `text`, so that a place in one is a place in the other. */
      readonly value: string;
      readonly text: string;
      readonly origin: string;
    }
  | { readonly ok: false; readonly problem: string };

function sourceOf(workloops: Given | undefined, { values }: Options): Source {
  if (workloops === undefined) {
    const text = `manual>*:${values.get("capacity") ?? USUAL_CAPACITY}`;
    return { ok: true, value: text, text, origin: "--capacity" };
  }
  const { text, name } = workloops;
  if (!text.startsWith("@")) return { ok: true, value: text, text, origin: name };
  const path = text.slice(1);
  const file = readFile(path);
  if (!file.ok) return { ok: false, problem: `${name}: cannot read ${path}: ${file.problem}` };
  return { ok: true, value: sourceValue(file.text), text: file.text, origin: path };
}

/** The text that is parsed, for the rules over the process; a file that cannot be read is told of later. */
function textOf({ text }: Given): string {
  if (!text.startsWith("@")) return text;
  const file = readFile(text.slice(1));
  return file.ok ? sourceValue(file.text) : "";
}

function readFile(
  path: string,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, text: readFileSync(path, "utf8") };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

function diagnosticFrame(
  diagnostic: Diagnostic,
  { value, text, origin }: Extract<Source, { ok: true }>,
): string {
  const { code, severity, message, span, related } = diagnostic;
  const [fix] = fixes(value, diagnostic);
  return frame({
    text,
    span,
    origin,
    code,
    severity,
    message,
    ...(related !== undefined && { related }),
    ...(fix !== undefined && { help: helpOf(fix) }),
  });
}

/** A finding over several things points at one of them, as it was written. */
function processFrame({ code, severity, message }: ProcessDiagnostic, given: Given): string {
  const text = given.by === "flag" ? `${given.name} ${given.text}` : `${given.name}=${given.text}`;
  const span: Span = { start: 0, end: text.length };
  const origin = given.by === "flag" ? "command line" : "environment";
  return frame({ text, span, origin, code, severity, message });
}
