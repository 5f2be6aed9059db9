import type { Command } from "unbash";
import type { Embedded } from "../hosts/host.ts";
import { type Origin, pieces, type Segment, type Value, valueIn } from "../region.ts";
import { targetOf } from "./here-document.ts";

/** What `echo` and `printf` write to a file, as a document of its own; undefined where they write to none. */
export function printedText(
  origin: Origin,
  command: Command,
  words: readonly Value[],
): Embedded | undefined {
  const [name, ...args] = words;
  if (!/^(?:echo|printf)$/.test(name?.text ?? "") || command.redirects.length === 0)
    return undefined;
  const text = args.filter(({ text: word }, i) => i > 0 || !/^-[neE]+$/.test(word));
  const [format] = text;
  const found = name?.text === "printf" ? format && formatted(format) : joined(text);
  return found && { path: targetOf(origin, command, found.text), origin: found };
}

/** The escapes of a format are resolved; what it puts in is not known. */
function formatted(format: Value): Value {
  const out = pieces();
  const { text } = format;
  let at = 0;
  for (const { 0: found, index } of text.matchAll(/\\[nt\\]|%%|%[^%]?/g)) {
    out.same(text, at, index);
    const meaning = { "\\n": "\n", "\\t": "\t", "\\\\": "\\", "%%": "%" }[found];
    out.escape(meaning ?? "", index, index + found.length);
    at = index + found.length;
  }
  out.same(text, at, text.length);
  const certainty = /(?<!%)(?:%%)*%(?!%)/.test(text) ? "opaque" : "exact";
  const plain = (chars: string) => (/[\\%\r\n]/.test(chars) ? undefined : chars);
  const quoting = { inline: plain, whole: () => undefined };
  return valueIn(format, out.decoded({ start: 0, end: text.length }, certainty), quoting);
}

/** Words as the one line that `echo` makes of them, with a space between two. */
function joined(words: readonly Value[]): Value | undefined {
  const [first, ...rest] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined || rest.length === 0) return first;
  const segments: Segment[] = [];
  let text = "";
  for (const word of words) {
    if (text !== "") {
      const between = { start: segments.at(-1)?.file.end ?? word.span.start, end: word.span.start };
      segments.push({ text: { start: text.length, end: text.length + 1 }, file: between });
      text += " ";
    }
    const shift = text.length;
    const moved = ({ start, end }: Segment["text"]) => ({ start: start + shift, end: end + shift });
    segments.push(...word.segments.map(({ text: at, file }) => ({ text: moved(at), file })));
    text += word.text;
  }
  const span = { start: first.span.start, end: last.span.end };
  const certainty = words.every((word) => word.certainty === "exact") ? "exact" : "opaque";
  return { ...first, text, segments, span, content: span, certainty, write: () => undefined };
}
