import { nearest } from "@workloops/parser";
import type { OptionRow } from "./option-row.ts";
import { laterFlags, optionTable, otherVariables } from "./option-table.ts";
import { type OptionValue, readValue } from "./read-value.ts";

/** Where an option's value comes from: as a person would look for it. */
export interface Given {
  readonly text: string;
  readonly by: "flag" | "variable";
  /** As written: `--capacity`, `WORKER_CAPACITY`. */
  readonly name: string;
}

export interface Options {
  readonly values: ReadonlyMap<string, OptionValue>;
  readonly given: ReadonlyMap<string, Given>;
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
  /** One sentence each. With any of these nothing is started. */
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;

const byFlag = new Map<string, OptionRow>(
  optionTable.flatMap((row) => [row.name, ...row.aliases].map((name) => [name, row] as const)),
);
const longNames = [...byFlag.keys()].filter((name) => name.length > 1);
const variableNames = optionTable.flatMap((row) => row.variables);

/** Flags, then variables: the flag wins. Source: worker-contract 1. */
export function readOptions(args: readonly string[], env: Env): Options {
  const flags = readFlags(args[0] === "--" ? args.slice(1) : args);
  const given = new Map<string, Given>();
  for (const row of optionTable) {
    const variable = row.variables.find((name) => env[name] !== undefined);
    const text = variable === undefined ? undefined : env[variable];
    if (variable !== undefined && text !== undefined) {
      given.set(row.name, { text, by: "variable", name: variable });
    }
  }
  for (const [name, flag] of flags.given) given.set(name, flag);
  const values = new Map<string, OptionValue>();
  const problems: string[] = [];
  for (const row of optionTable) {
    const value = given.get(row.name);
    if (value === undefined || isEmptyVariable(row, value)) continue;
    const read = readValue(row, value.text);
    if (read.ok) values.set(row.name, read.value);
    else problems.push(`${value.name}: ${read.problem}`);
  }
  const lenient = values.get("compat") === true;
  const unknown = lenient ? [] : flags.unknown;
  return {
    values,
    given,
    wantsHelp: flags.wantsHelp,
    wantsVersion: flags.wantsVersion,
    problems: [...unknown, ...problems],
    warnings: [...(lenient ? flags.unknown : []), ...unknownVariables(env)],
  };
}

/**
 * In a container an empty variable is often there where none was meant. Only the two that
 * exclude each other count as given when they are empty, as they do for Lightning's own worker.
 */
function isEmptyVariable(row: OptionRow, { by, text }: Given): boolean {
  return by === "variable" && text === "" && row.name !== "workloops";
}

interface Flags {
  readonly given: ReadonlyMap<string, Given>;
  readonly unknown: readonly string[];
  readonly wantsHelp: boolean;
  readonly wantsVersion: boolean;
}

function readFlags(args: readonly string[]): Flags {
  const given = new Map<string, Given>();
  const unknown: string[] = [];
  const asked = new Set<string>();
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    const [, written = "", attached] = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const found = findRow(written);
    if (written === "help" || written === "h" || written === "version") asked.add(written);
    else if (!arg.startsWith("-")) unknown.push(`${arg}: not a flag; flags begin with --`);
    else if (found === undefined) {
      unknown.push(unknownFlag(arg, written));
      // What stands behind it is taken for its value, so that one mistake is told once.
      const next = args[index + 1];
      if (attached === undefined && next !== undefined && !next.startsWith("-")) index += 1;
    } else {
      const { row, negated } = found;
      const next = args[index + 1];
      const takesNext =
        attached === undefined &&
        (row.kind.type === "switch" ? next === "true" || next === "false" : next !== undefined);
      if (takesNext) index += 1;
      const text = attached ?? (takesNext ? next : undefined);
      if (text === undefined && row.kind.type !== "switch") {
        unknown.push(`${arg}: wants a value behind it`);
        continue;
      }
      given.set(row.name, {
        text: negated ? String(text === "false") : (text ?? "true"),
        by: "flag",
        name: arg.split("=")[0] ?? arg,
      });
    }
  }
  return {
    given,
    unknown,
    wantsHelp: asked.has("help") || asked.has("h"),
    wantsVersion: asked.has("version"),
  };
}

function findRow(
  written: string,
): { readonly row: OptionRow; readonly negated: boolean } | undefined {
  const kebab = written.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const row = byFlag.get(written) ?? byFlag.get(kebab);
  if (row !== undefined) return { row, negated: false };
  const positive = kebab.startsWith("no-") ? byFlag.get(kebab.slice(3)) : undefined;
  return positive?.kind.type === "switch" ? { row: positive, negated: true } : undefined;
}

function unknownFlag(arg: string, written: string): string {
  const later = Object.hasOwn(laterFlags, written) ? laterFlags[written] : undefined;
  if (later !== undefined) return `${arg}: not needed here: ${later}; --compat lets it pass`;
  const near = nearest(written, longNames);
  return near === undefined
    ? `${arg}: no such flag; --help lists them`
    : `${arg}: no such flag; did you mean --${near}?`;
}

function unknownVariables(env: Env): readonly string[] {
  const known = new Set([...variableNames, ...otherVariables]);
  return Object.keys(env)
    .filter((name) => name.startsWith("WORKER_") && !known.has(name))
    .map((name) => {
      const near = nearest(name, variableNames);
      return near === undefined
        ? `${name}: no variable of the worker; it is ignored`
        : `${name}: no variable of the worker; did you mean ${near}?`;
    });
}
