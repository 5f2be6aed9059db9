/** What one option takes. Bounds are in the unit of the option. */
export type OptionKind =
  | { readonly type: "text" }
  | { readonly type: "switch" }
  | { readonly type: "list" }
  | {
      readonly type: "number";
      readonly unit: string;
      readonly min: number;
      readonly max: number;
      readonly whole: boolean;
    }
  /** `MIN/MAX` in seconds. */
  | { readonly type: "backoff" }
  | { readonly type: "choice"; readonly choices: readonly string[] };

/** One row: help, documentation and reading are made of it. Source: worker-contract 1. */
export interface OptionRow {
  readonly name: string;
  /** Other spellings, one letter or long. */
  readonly aliases: readonly string[];
  /** In order: the first that is set counts. */
  readonly variables: readonly string[];
  readonly kind: OptionKind;
  /** As a person would write it; absent: none. */
  readonly usual?: string;
  readonly meaning: string;
  /** Hidden ones work, and stand in the documentation only. */
  readonly hidden?: true;
  readonly isSecret?: true;
}

export const text: OptionKind = { type: "text" };
export const toggle: OptionKind = { type: "switch" };

/** A number with its unit and bounds. */
export function number(unit: string, min: number, max: number, whole = true): OptionKind {
  return { type: "number", unit, min, max, whole };
}

/** A year: no wait is longer, and timers that take 32 bits are not reached by it alone. */
export const YEAR_SECONDS = 31_536_000;

/** Names apart by a space; the first variable that is set counts. */
export function row(
  name: string,
  variables: string,
  kind: OptionKind,
  meaning: string,
  more: {
    readonly usual?: string;
    readonly aliases?: string;
    readonly hidden?: true;
    readonly isSecret?: true;
  } = {},
): OptionRow {
  const { aliases = "", ...rest } = more;
  return {
    name,
    aliases: aliases.split(" ").filter(Boolean),
    variables: variables.split(" ").filter(Boolean),
    kind,
    meaning,
    ...rest,
  };
}
