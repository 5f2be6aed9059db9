import type { ProcessSubject } from "./process.ts";
import type { Span } from "./span.ts";

export type Severity = "error" | "warning" | "hint";

/** Why a text behind the colon is no capacity. */
export type CapacityFault =
  | "absent"
  | "zero"
  | "sign"
  | "fraction"
  | "exponent"
  | "leading-zero"
  | "above-limit"
  | "not-digits";

/** Each code with the data of its problem: plain JSON, from which `messages.ts` makes the sentence. */
export interface ProblemData {
  readonly empty: Record<never, never>;
  readonly "too-large": {
    readonly what: "text" | "groups" | "queues";
    /** How many there are, in UTF-16 units for a text. */
    readonly count: number;
    readonly limit: number;
  };
  readonly "capacity-missing": {
    /** The group as written. */
    readonly group: string;
    /** White space cut this group off: it begins or ends with `>`, or its neighbour begins with `>` or `:`. */
    readonly cut: boolean;
  };
  readonly "capacity-invalid": {
    readonly text: string;
    readonly fault: CapacityFault;
    /** The highest capacity, in runs. */
    readonly limit: number;
  };
  readonly "queue-name-empty": { readonly place: "first" | "middle" | "last" | "only" };
  readonly "queue-name-invalid": {
    readonly name: string;
    /** The text that no name may hold, or `undefined` where the name is too long. */
    readonly found: string | undefined;
    /** The longest name, in UTF-16 units. */
    readonly limit: number;
  };
  readonly "wildcard-not-last": {
    /** What stands behind the wildcard, as written. */
    readonly behind: string;
  };
  readonly "white-space-invalid": {
    /** The characters, each as `U+00A0`. */
    readonly characters: readonly string[];
  };
  readonly "text-unexpected": { readonly text: string };
  readonly "legacy-comma": {
    /** The chain as written, and as it is written today. */
    readonly chain: string;
    readonly replacement: string;
  };
  readonly "duplicate-queue": { readonly queue: string };
  readonly "identical-groups": {
    readonly chain: string;
    /** The capacity of each of the groups, in runs, in order. */
    readonly capacities: readonly number[];
  };
  readonly "queue-unknown": {
    readonly queue: string;
    readonly known: readonly string[];
    /** The known name that was probably meant. */
    readonly suggestion: string | undefined;
    /** The group names no wildcard, so that it claims nothing for this name. */
    readonly strict: boolean;
  };
  readonly "strict-chain-order": { readonly chain: string; readonly queues: readonly string[] };
  readonly "fast-lane-not-preferred": { readonly queue: string };
  readonly "capacity-exclusivity": Record<never, never>;
  readonly "memory-ceiling": {
    /** Runs at once, and bytes. */
    readonly slots: number;
    readonly runMemory: number;
    readonly overhead: number;
    readonly needed: number;
    readonly memoryLimit: number;
    readonly overcommit: number;
    /** The highest total capacity that fits, in runs. */
    readonly fits: number;
  };
  readonly "stop-grace-short": {
    /** Seconds. */
    readonly stopGrace: number;
    readonly needed: number;
    readonly because: "drain-timeout" | "run-duration";
  };
}

export type Code = keyof ProblemData;

/** The codes over what a process is given. Their place is a thing that it is given, not a span. */
export type ProcessCode = "capacity-exclusivity" | "memory-ceiling" | "stop-grace-short";

/** The codes over one text. */
export type TextCode = Exclude<Code, ProcessCode>;

/** A place that belongs to the problem too. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** A problem of code `C`, before its sentence. */
export interface Finding<C extends TextCode> {
  readonly span: Span;
  readonly data: ProblemData[C];
  readonly related?: readonly Related[];
}

interface Told<C extends Code> {
  readonly code: C;
  readonly severity: Severity;
  readonly message: string;
}

/** A problem with its place in the text and its sentence. */
export type Diagnostic = { [C in TextCode]: Told<C> & Finding<C> }[TextCode];

/** A diagnostic of one code. */
export type DiagnosticOf<C extends TextCode> = Extract<Diagnostic, { code: C }>;

/** A problem of what a process is given; the first subject is the one to point at. */
export interface ProcessFinding<C extends ProcessCode> {
  readonly subjects: readonly ProcessSubject[];
  readonly data: ProblemData[C];
}

export type ProcessDiagnostic = { [C in ProcessCode]: Told<C> & ProcessFinding<C> }[ProcessCode];
