import type { Span } from "@workloops/parser";
import type { Trap } from "../hosts/host.ts";
import type { Origin } from "../region.ts";
import { toFile } from "../region.ts";
import { singleQuoted } from "./split-words.ts";

const first = /^[\w*:>,-]*/;
/** Quotes that are closed before the value ends. */
const closedFirst = /^(?:"[^"$`\\\r\n]*"|'[^'\r\n]*')(?=[ \t])/;
/** A further group behind white space: with a count, or with an arrow and a star, where the count is broken too. */
const further = /^[ \t]+[\w*-]+(?:[>,][\w*-]*)*(?::\d+|[>,]\*[\d:]*)(?=[\s;|)'"\\]|$)/;

/** A stretch that was meant as one value; up to `head` its reader may take it for one. */
export interface Reach extends Span {
  readonly head: number;
}

/** The text that was meant as one value from `start` on, as far as it is written without quotes around all of it. */
export function unquotedReach(text: string, start: number): Reach {
  const rest = text.slice(start, start + 4096);
  const quoted = closedFirst.exec(rest)?.[0];
  const head = start + (quoted ?? first.exec(rest)?.[0] ?? "").length;
  let end = head;
  for (;;) {
    const more = further.exec(text.slice(end, end + 4096))?.[0];
    if (more === undefined) break;
    end += more.length;
  }
  // What is quoted as a whole arrives as a whole.
  return quoted !== undefined && end === head
    ? { start, head: start, end: start }
    : { start, head, end };
}

export function withoutQuotes(written: string): string {
  return written.replace(/["']/g, "");
}

/** Where the value is written: an assignment is not globbed by a shell, other words are. */
export type Reader = "assignment" | "word" | "compose";

/** The trap of a value written without quotes at `start` of `origin`; undefined where it arrives whole. */
export function unquotedTrap(origin: Origin, start: number, reader: Reader): Trap | undefined {
  const reach = unquotedReach(origin.text, start);
  const { text } = origin;
  const head = text.slice(reach.start, reach.head);
  const rest = text.slice(reach.head, reach.end);
  const isQuoted = /^["']/.test(head);
  const arrow = isQuoted ? null : /^[^\s>]*(>)([^\s;]*)/.exec(head);
  const star = reader === "word" && !isQuoted && (head + rest).includes("*");
  if (rest === "" && arrow === null && !star) return undefined;
  const value = singleQuoted(withoutQuotes(head + rest));
  const edit = origin.write(text.slice(0, reach.start) + value + text.slice(reach.end));
  return {
    code: "shell-unquoted",
    span: toFile(origin, reach),
    reads: reads(
      isQuoted ? withoutQuotes(head) : (head.split(">")[0] ?? ""),
      rest,
      reader,
      arrow?.[2],
    ),
    fix: edit && { title: "Quote the value", edits: [edit] },
  };
}

/** What the reader makes of it: `head` is what the process receives, `rest` the groups that are lost. */
function reads(head: string, rest: string, reader: Reader, target: string | undefined): string {
  const received = JSON.stringify(head);
  if (reader === "compose") {
    return `compose splits this string without a shell: the value ends at the first white space or >, and the process receives ${received}`;
  }
  if (target !== undefined) {
    return `the shell redirects at > and writes to a file called ${target}; the process receives ${received}`;
  }
  if (rest !== "") {
    const later = />(\S*)/.exec(rest)?.[1];
    const redirect = later === undefined ? "" : `, and > redirects into a file called ${later}`;
    return `the shell ends the word at the space${redirect}; the process receives ${received}`;
  }
  return `the shell takes * for a pattern of file names`;
}
