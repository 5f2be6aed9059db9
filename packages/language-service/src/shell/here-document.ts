import type { Command, HereDoc } from "unbash";
import type { Embedded } from "../hosts/host.ts";
import { type Origin, type Pieces, pieces, valueIn } from "../region.ts";
import { decodeHereDocument, decodeWord } from "./decode-word.ts";

/** A here-document as a document of its own: named after the file it is written to, where that is known. */
export function hereDocument(origin: Origin, command: Command, part: HereDoc): Embedded {
  const { pos, end } = part.body;
  const quoted = part.delimiter?.quoted === true;
  const decoded = quoted ? undefined : decodeHereDocument(origin.text, pos, end);
  const value =
    decoded === undefined || part.operator === "<<-"
      ? literal(origin, pos, end, part.operator === "<<-")
      : valueIn(origin, decoded, writable);
  return { path: targetOf(origin, command, value.text), origin: value };
}

const writable = {
  inline: (chars: string) => (/[$`\\]/.test(chars) ? undefined : chars),
  whole: () => undefined,
};

function literal(origin: Origin, pos: number, end: number, strips: boolean) {
  const out: Pieces = pieces();
  let at = pos;
  while (at < end) {
    if (strips) while (origin.text[at] === "\t" && at < end) at += 1;
    const feed = origin.text.indexOf("\n", at);
    const stop = feed < 0 || feed >= end ? end : feed + 1;
    out.same(origin.text, at, stop);
    at = stop;
  }
  return valueIn(origin, out.decoded({ start: pos, end }), writable);
}

/** The file that a command writes to: by a redirection, or by `tee`. */
export function targetOf(origin: Origin, command: Command, body: string): string {
  const redirect = command.redirects.find(
    (found) => found.type === "Redirect" && /^(?:>|>>|>\|)$/.test(found.operator),
  );
  const word = redirect?.type === "Redirect" ? redirect.target : undefined;
  const written = word ?? (command.name?.text === "tee" ? command.args.at(-1) : undefined);
  if (written !== undefined) return decodeWord(origin.text, written.pos, written.end).text;
  // What is piped into kubectl or compose says by itself what it is.
  return /^\s*(?:apiVersion|services|kind)\s*:/m.test(body) ? "stdin.yaml" : "stdin.env";
}
