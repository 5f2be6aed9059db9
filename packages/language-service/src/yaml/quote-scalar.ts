import type { Scalar } from "yaml";
import type { Decoded, Quoting } from "../region.ts";
import { isBlock } from "./decode-scalar.ts";

/** What YAML 1.1 and 1.2 readers take for a null, a boolean, a number or a time when it is not quoted. */
const otherThanString =
  /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?(?:\.?[0-9][0-9_.,:eE+-]*|0x[0-9a-f_]+|0o[0-7]+|\.inf)|\.nan|=|<<)$/i;

/** Whether a plain scalar of this text is read as this very string. */
function isPlainSafe(value: string, inFlow: boolean): boolean {
  if (value === "" || value.trim() !== value) return false;
  if (/^[-?:,[\]{}#&*!|>'"%@`]/.test(value) || /[^\x20-\x7e]/.test(value)) return false;
  if (/:(?:\s|$)|\s#/.test(value) || value.startsWith("---") || value.startsWith("..."))
    return false;
  if (inFlow && /[[\]{},]/.test(value)) return false;
  return !otherThanString.test(value);
}

function escapeDouble(chars: string): string {
  return JSON.stringify(chars)
    .slice(1, -1)
    .replace(
      /[\u007f-\u00a0\u2028\u2029\ufeff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

/** A double-quoted scalar, which can hold every text. JSON readers understand it too. */
export function doubleQuoted(value: string): string {
  return `"${escapeDouble(value)}"`;
}

/** How the place of a scalar is quoted. */
export function quotingOf(
  source: string,
  node: Scalar,
  decoded: Decoded,
  inFlow: boolean,
): Quoting {
  const written = source.slice(decoded.span.start, decoded.span.end);
  const end = /\r?\n/.exec(written.slice(written.trimEnd().length))?.[0] ?? "";
  const whole = (value: string) => doubleQuoted(value) + end;
  if (isBlock(node))
    return { whole, inline: (chars, value) => inBlock(decoded.text, chars, value) };
  if (written.includes("\n")) return { whole, inline: () => undefined };
  if (node.type === "QUOTE_DOUBLE") return { whole, inline: escapeDouble };
  if (node.type === "QUOTE_SINGLE") {
    return {
      whole,
      inline: (chars) => (/[^\x20-\x7e]/.test(chars) ? undefined : chars.replaceAll("'", "''")),
    };
  }
  return { whole, inline: (chars, value) => (isPlainSafe(value, inFlow) ? chars : undefined) };
}

/** A block takes a change that leaves its lines and their edges alone. */
function inBlock(before: string, chars: string, value: string): string | undefined {
  const breaks = (text: string) => text.replace(/\n+$/, "").split("\n").length;
  const sameEnd = /\n*$/.exec(before)?.[0] === /\n*$/.exec(value)?.[0];
  const edges = /^[\s]|\n[ \t]|[ \t](?:\n|$)/;
  if (/[^\x20-\x7e]/.test(chars) || value.trim() === "" || edges.test(value)) return undefined;
  if (edges.test(before) || breaks(before) !== breaks(value) || !sameEnd) return undefined;
  return chars;
}
