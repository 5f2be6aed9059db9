import type { Span } from "@workloops/parser";
import type { Trap } from "../hosts/host.ts";
import type { Origin } from "../region.ts";
import { toFile } from "../region.ts";
import { singleQuoted } from "./split-words.ts";

const first = /^[\w*:>,-]*/;
/** A further group behind white space: with a count, or with an arrow and a star, where the count is broken too. */
const further = /^[ \t]+[\w*-]+(?:[>,][\w*-]*)*(?::\d+|[>,]\*[\d:]*)(?=[\s;|)'"\\]|$)/;

/** The text that was meant as one value from `start` on, as far as it is written without quotes. */
export function unquotedReach(text: string, start: number): Span {
  let end = start + (first.exec(text.slice(start, start + 4096))?.[0].length ?? 0);
  for (;;) {
    const more = further.exec(text.slice(end, end + 4096))?.[0];
    if (more === undefined) return { start, end };
    end += more.length;
  }
}

/** Where the value is written: an assignment is not globbed by a shell, other words are. */
export type Reader = "assignment" | "word" | "compose";

/** The trap of a value written without quotes at `start` of `origin`; undefined where it arrives whole. */
export function unquotedTrap(origin: Origin, start: number, reader: Reader): Trap | undefined {
  const reach = unquotedReach(origin.text, start);
  const written = origin.text.slice(reach.start, reach.end);
  const space = /\s/.test(written);
  const arrow = /^[^\s>]*(>)([^\s;]*)/.exec(written);
  const star = reader === "word" && written.includes("*");
  if (!space && arrow === null && !star) return undefined;
  const quoted =
    origin.text.slice(0, reach.start) + singleQuoted(written) + origin.text.slice(reach.end);
  const edit = origin.write(quoted);
  return {
    code: "shell-unquoted",
    span: toFile(origin, reach),
    reads: reads(written, reader, space, arrow?.[2]),
    fix: edit && { title: "Quote the value", edits: [edit] },
  };
}

function reads(
  written: string,
  reader: Reader,
  space: boolean,
  target: string | undefined,
): string {
  const head = written.split(/[\s>]/)[0] ?? "";
  if (reader === "compose") {
    return `compose splits this string without a shell: the value ends at the first white space or >, and the process receives ${JSON.stringify(head)}`;
  }
  if (target !== undefined) {
    return `the shell redirects at > and writes to a file called ${target}; the process receives ${JSON.stringify(head)}`;
  }
  if (space) {
    const later = /\s\S*?>(\S*)/.exec(written)?.[1];
    const redirect = later === undefined ? "" : `, and > redirects into a file called ${later}`;
    return `the shell ends the word at the space${redirect}; the process receives ${JSON.stringify(head)}`;
  }
  return `the shell takes * for a pattern of file names`;
}
