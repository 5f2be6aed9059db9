import type { Span } from "@workloops/parser";
import { interpolate } from "../interpolation.ts";
import { type EnvDialect, type Given, process, variable } from "../process.ts";
import {
  apply,
  type Decoded,
  type Origin,
  type Pieces,
  pieces,
  type Quoting,
  toFile,
  type Value,
  valueIn,
} from "../region.ts";
import { optionOfVariable } from "../worker-options.ts";
import { baseName, type Host, hash, nothing, type Reading, type Trap } from "./host.ts";
import { looksCut } from "./looks-cut.ts";

const entryPattern = /^([ \t]*(?:export[ \t]+)?)([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*([=:])[ \t]*/;

/** `.env` files. `docker run --env-file` reads another dialect, which keeps quotes. */
export const dotenv: Host = {
  id: "dotenv",
  comment: () => hash,
  mayClaim: isEnvFile,
  claims: isEnvFile,
  read: (origin) => {
    const { uri } = origin;
    const { given, traps } = readEnvFile(origin, "compose");
    const span = { start: origin.content.start, end: origin.content.start };
    const found = process({ uri, span, name: baseName(uri), platform: "none", given });
    return { ...nothing, processes: [found], traps };
  },
};

function isEnvFile(path: string): boolean {
  return /^(?:.*\.)?env(?:\..*)?$/.test(baseName(path));
}

/** The entries of an env file as its reader hands them to the process. */
export function readEnvFile(
  origin: Origin,
  dialect: EnvDialect,
): Pick<Reading, "traps"> & { readonly given: readonly Given[] } {
  const { uri, text } = origin;
  const given: Given[] = [];
  const traps: Trap[] = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    const feed = text.indexOf("\n", at);
    const stop = feed < 0 ? text.length : feed;
    const lineEnd = stop > at && text[stop - 1] === "\r" ? stop - 1 : stop;
    const match = entryPattern.exec(text.slice(at, lineEnd));
    let next = stop + 1;
    if (match !== null && (match[3] === "=" || dialect === "compose")) {
      const start = at + match[0].length;
      const read =
        dialect === "docker"
          ? readRaw(origin, at + match[0].trimEnd().length, lineEnd)
          : readQuoted(origin, start, lineEnd, dialect);
      // Of other programs' variables nothing is said.
      if (optionOfVariable(match[2] ?? "") !== undefined) {
        traps.push(...read.traps.map((trap) => inFile(origin, trap)));
      }
      const end = Math.max(read.end, lineEnd);
      if (read.end > lineEnd) {
        const after = text.indexOf("\n", read.end);
        next = after < 0 ? text.length : after + 1;
      }
      given.push(
        variable({
          uri,
          name: match[2] ?? "",
          span: toFile(origin, {
            start: at + (match[1]?.length ?? 0),
            end: Math.max(start, read.end),
          }),
          value: read.value,
          from: baseName(uri),
          remove: { span: toFile(origin, { start: at, end: Math.max(next, end) }), text: "" },
        }),
      );
    }
    at = next;
  }
  return { given, traps };
}

/** A trap found in the origin's text, at its place in the file. */
function inFile(origin: Origin, trap: Trap): Trap {
  const edits = trap.fix?.edits.flatMap((edit) => origin.write(apply(origin.text, edit)) ?? []);
  const fix = trap.fix && edits && edits.length > 0 ? { ...trap.fix, edits } : undefined;
  return { ...trap, span: toFile(origin, trap.span), fix };
}

/** What one entry holds. Traps and `end` are places in the origin's text. */
interface Read {
  readonly value: Value;
  /** Behind the value, its closing quote included. */
  readonly end: number;
  readonly traps: readonly Trap[];
}

/** Docker takes what stands behind the `=` as it is. */
function readRaw(origin: Origin, start: number, end: number): Read {
  const span = { start, end };
  const out = pieces();
  out.same(origin.text, start, end);
  const value = valueIn(origin, decoded(out, span, span), {
    inline: (chars) => (/[\r\n]/.test(chars) ? undefined : chars),
    whole: (text) => (/[\r\n]/.test(text) ? undefined : text),
  });
  const written = value.text.trim();
  const quote = written[0];
  if (written.length < 2 || (quote !== '"' && quote !== "'") || !written.endsWith(quote)) {
    return { value, end, traps: [] };
  }
  const reads = `this reader hands the quotes in ${written} on to the process`;
  const fix = { title: "Remove the quotes", edits: [{ span, text: written.slice(1, -1) }] };
  return { value, end, traps: [{ code: "env-file-quotes", span, reads, fix }] };
}

function readQuoted(origin: Origin, start: number, lineEnd: number, dialect: EnvDialect): Read {
  const quote = origin.text[start];
  const close =
    quote === '"' || quote === "'" ? closingQuote(origin.text, start, quote) : undefined;
  if (quote !== undefined && close !== undefined) {
    return readBetween(origin, start, close, quote, lineEnd);
  }
  // systemd knows no comment behind a value.
  if (dialect === "systemd") {
    const end = start + origin.text.slice(start, lineEnd).trimEnd().length;
    return { ...readRaw(origin, start, end), traps: [] };
  }
  const read = readPlain(origin, start, lineEnd);
  if (quote !== '"' && quote !== "'") return read;
  const meant = origin.text.slice(start + 1, read.end);
  const trap: Trap = {
    code: "env-file-quotes",
    span: { start, end: read.end },
    reads: `the quote ${quote} is never closed`,
    fix: closed(start, read.end, meant),
  };
  return { ...read, traps: [trap] };
}

/** Puts the whole value between quotes. */
function closed(start: number, end: number, value: string): Trap["fix"] {
  const text = wholeQuoted(value);
  if (text === undefined || /["']/.test(value)) return undefined;
  return {
    title: "Put quotes around the whole value",
    edits: [{ span: { start, end }, text }],
  };
}

function closingQuote(text: string, open: number, quote: string): number | undefined {
  for (let i = open + 1; i < text.length; i += 1) {
    if (text[i] === "\\") i += 1;
    else if (text[i] === quote) return i;
  }
  return undefined;
}

function readBetween(
  origin: Origin,
  open: number,
  close: number,
  quote: string,
  lineEnd: number,
): Read {
  const { text } = origin;
  const out = pieces();
  let at = open + 1;
  while (at < close) {
    const slash = text.indexOf("\\", at);
    const stop = slash < 0 || slash >= close ? close : slash;
    out.same(text, at, stop);
    if (stop === close) break;
    at = escaped(text, stop, quote, out);
  }
  const span = { start: open, end: close + 1 };
  const content = { start: open + 1, end: close };
  const value = valueIn(origin, decoded(out, span, content), quoting(quote));
  const resolved = quote === '"' ? interpolate(value) : value;
  const rest = text.slice(close + 1, Math.max(close + 1, lineEnd));
  if (rest.trim() === "" || /^\s+#/.test(rest))
    return { value: resolved, end: close + 1, traps: [] };
  const lost = { start: close + 1, end: close + 1 + rest.trimEnd().length };
  // Only what can be a group was meant as a part of the value.
  const fix = /[:>*]/.test(rest)
    ? closed(open, lost.end, value.text + rest.trimEnd())
    : { title: "Remove what stands behind the quote", edits: [{ span: lost, text: "" }] };
  const reads = `what stands behind the closing quote is not part of the value`;
  return {
    value: resolved,
    end: close + 1,
    traps: [{ code: "env-file-quotes", span: lost, reads, fix }],
  };
}

function escaped(text: string, at: number, quote: string, out: Pieces): number {
  const next = text[at + 1] ?? "";
  const known: Record<string, string> = {
    n: "\n",
    r: "\r",
    t: "\t",
    "\\": "\\",
    '"': '"',
    $: "$$",
  };
  const meaning = quote === '"' ? known[next] : next === "'" ? "'" : undefined;
  if (meaning === undefined) out.same(text, at, at + 2);
  else out.escape(meaning, at, at + 2);
  return at + 2;
}

function readPlain(origin: Origin, start: number, lineEnd: number): Read {
  const line = origin.text.slice(start, lineEnd);
  const comment = line.startsWith("#") ? 0 : (/\s#/.exec(line)?.index ?? line.length);
  const end = start + line.slice(0, comment).trimEnd().length;
  const span: Span = { start, end };
  const out = pieces();
  out.same(origin.text, start, end);
  const value = interpolate(valueIn(origin, decoded(out, span, span), quoting(undefined)));
  const cut = line.slice(comment);
  if (!looksCut(value.text, cut)) return { value, end, traps: [] };
  const lost = { start: start + comment + cut.indexOf("#"), end: start + line.trimEnd().length };
  const reads = `${JSON.stringify(cut.trim())} is a comment here`;
  return { value, end, traps: [{ code: "env-file-quotes", span: lost, reads, fix: undefined }] };
}

function decoded(out: Pieces, span: Span, content: Span): Decoded {
  return out.decoded(span, "exact", content);
}

function quoting(quote: string | undefined): Quoting {
  return { whole: wholeQuoted, inline: (chars, value) => inline(quote, chars, value) };
}

function inline(quote: string | undefined, chars: string, value: string): string | undefined {
  if (quote === '"') return chars.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n");
  if (quote === "'") return /['\\\r\n]/.test(chars) ? undefined : chars;
  const plain = value === value.trim() && !/[\r\n"'\\]|^#|\s#/.test(value) && !/^["']/.test(value);
  return plain ? chars : undefined;
}

function wholeQuoted(value: string): string | undefined {
  if (/\r/.test(value)) return undefined;
  return `"${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
