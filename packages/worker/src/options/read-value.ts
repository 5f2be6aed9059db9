import type { OptionKind, OptionRow } from "./option-row.ts";

export interface Backoff {
  readonly minSeconds: number;
  readonly maxSeconds: number;
}

export type OptionValue = string | number | boolean | readonly string[] | Backoff;

export type ReadValue =
  | { readonly ok: true; readonly value: OptionValue }
  | { readonly ok: false; readonly problem: string };

const good = (value: OptionValue): ReadValue => ({ ok: true, value });
const bad = (problem: string): ReadValue => ({ ok: false, problem });

/** A text -> the value of an option, or what is wrong with it and what would be right. */
export function readValue({ kind, isSecret }: OptionRow, text: string): ReadValue {
  const shown = isSecret ? "its value" : JSON.stringify(text);
  switch (kind.type) {
    case "text":
      return good(text);
    case "list":
      return good(
        text
          .split(",")
          .map((item) => item.trim())
          .filter((item) => item !== ""),
      );
    case "switch":
      if (/^(true|1)$/i.test(text)) return good(true);
      if (/^(false|0)$/i.test(text)) return good(false);
      return bad(`${shown} is neither true nor false`);
    case "choice":
      return kind.choices.includes(text)
        ? good(text)
        : bad(`${shown} is none of ${kind.choices.join(", ")}`);
    case "number":
      return readNumber(kind, text, shown);
    case "backoff":
      return readBackoff(text, shown);
  }
}

function readNumber(
  { unit, min, max, whole }: Extract<OptionKind, { type: "number" }>,
  text: string,
  shown: string,
): ReadValue {
  const value = Number(text);
  const isNumber = /^[0-9]+(\.[0-9]+)?$/.test(text) && (!whole || Number.isInteger(value));
  if (isNumber && value >= min && value <= max) return good(value);
  const what = whole ? "a whole number" : "a number";
  return bad(`${shown} is not ${what} from ${min} to ${max}${unit === "" ? "" : ` (${unit})`}`);
}

/** As Lightning's own worker takes it where the longest wait is left out. */
const USUAL_MAX_SECONDS = 30;
const LONGEST_SECONDS = 86_400;
const SHORTEST_SECONDS = 0.001;

function readBackoff(text: string, shown: string): ReadValue {
  const [first = "", second, ...rest] = text.split("/");
  const minSeconds = seconds(first);
  const maxSeconds =
    second === undefined ? Math.max(USUAL_MAX_SECONDS, minSeconds ?? 0) : seconds(second);
  if (minSeconds === undefined || maxSeconds === undefined || rest.length > 0) {
    return bad(
      `${shown} is not MIN/MAX, two numbers of seconds from ${SHORTEST_SECONDS} to ${LONGEST_SECONDS}, such as 1/10`,
    );
  }
  if (minSeconds > maxSeconds) return bad(`${shown}: the shortest wait is longer than the longest`);
  return good({ minSeconds, maxSeconds });
}

function seconds(text: string): number | undefined {
  const value = Number(text);
  const fits = value >= SHORTEST_SECONDS && value <= LONGEST_SECONDS;
  return /^[0-9]+(\.[0-9]+)?$/.test(text) && fits ? value : undefined;
}
