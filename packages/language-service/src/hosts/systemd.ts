import { assignment } from "../command.ts";
import { type Given, type Link, type Process, process, variable } from "../process.ts";
import { type Pieces, pieces, type Quoting, toFile, type Value, valueIn } from "../region.ts";
import { unquotedReach } from "../shell/unquoted.ts";
import { wordSpans } from "../shell/word-spans.ts";
import { optionOfFlag, optionOfVariable } from "../worker-options.ts";
import { commandGiven } from "../yaml/command-given.ts";
import { baseName, type Host, nothing, type Trap } from "./host.ts";
import { durationSeconds, quantity, systemdBytes } from "./quantity.ts";
import { type Directive, directives } from "./systemd-directives.ts";

/** systemd units and Podman's container units. */
export const systemd: Host = {
  id: "systemd",
  comment: "#",
  mayClaim: isUnit,
  claims: isUnit,
  read: (origin) => {
    const all = directives(origin);
    const traps: Trap[] = [];
    const last = (name: string) => all.findLast((found) => found.name === name);
    const [start] = [last("ExecStart"), last("Exec")].filter((found) => found !== undefined);
    const { uri } = origin;
    const place = start?.nameSpan ?? { start: origin.content.start, end: origin.content.start };
    const memory = last("MemoryMax") ?? last("MemoryLimit");
    const found: Process = process({
      uri,
      span: place,
      name: `unit ${baseName(uri)}`,
      platform: "systemd",
      image: last("Image")?.value,
      given: [
        ...all
          .filter(({ name }) => name === "Environment")
          .flatMap((line) => environment(line, traps)),
        ...(start === undefined ? [] : command(start, traps)),
      ],
      links: all.flatMap(envFile),
      memoryLimit: quantity(memory?.value, systemdBytes),
      stopGrace: quantity((last("TimeoutStopSec") ?? last("TimeoutSec"))?.value, graceSeconds),
    });
    return { ...nothing, processes: [found], traps };
  },
};

function isUnit(path: string): boolean {
  return /\.(?:service|container)$|\.(?:service|container)\.d\/[^/]+\.conf$/.test(path);
}

/** Neither 0 nor `infinity` ever ends the waiting. */
function graceSeconds(text: string): number | undefined {
  const seconds = text.trim() === "infinity" ? 0 : durationSeconds(text);
  return seconds === 0 ? Number.MAX_SAFE_INTEGER : seconds;
}

function envFile({ name, value }: Directive): Link[] {
  if (name !== "EnvironmentFile") return [];
  const path = value.text.trim().replace(/^-/, "");
  return [{ kind: "env-file", path, span: value.content, dialect: "compose" }];
}

function environment({ value }: Directive, traps: Trap[]): Given[] {
  return wordSpans(value.text).flatMap(({ start, end }): Given[] => {
    const word = wordIn(value, start, end, false);
    const parts = assignment(word);
    if (parts?.value === undefined) return [];
    const bare = value.text.slice(start, start + parts.name.length + 1) === `${parts.name}=`;
    if (bare && optionOfVariable(parts.name) === "workloops") {
      unquoted(value, start, start + parts.name.length + 1, traps);
    }
    return [
      variable({
        uri: word.uri,
        ...parts,
        span: word.span,
        from: "Environment",
        remove: undefined,
      }),
    ];
  });
}

/** A value that systemd splits: `from` begins the word to quote, `start` the value. */
function unquoted(line: Value, from: number, start: number, traps: Trap[]): void {
  const reach = unquotedReach(line.text, start);
  const written = line.text.slice(reach.start, reach.end);
  if (!/\s/.test(written)) return;
  const { text } = line;
  const quoted = `${text.slice(0, from)}"${text.slice(from, reach.end)}"${text.slice(reach.end)}`;
  const edit = line.write(quoted);
  traps.push({
    code: "systemd-unquoted",
    span: toFile(line, reach),
    reads: `systemd ends the value at the white space, so that the process receives ${JSON.stringify(written.split(/\s+/)[0])}`,
    fix: edit && { title: "Quote the whole of it", edits: [edit] },
  });
}

function command({ value, name }: Directive, traps: Trap[]): Given[] {
  const spans = wordSpans(value.text);
  spans.forEach(({ start, end }, i) => {
    const raw = value.text.slice(start, end);
    const next = spans[i + 1];
    const own = /^(--[a-z]+)=/.exec(raw);
    if (own !== null && optionOfFlag(own[1] ?? "") === "workloops") {
      unquoted(value, start, start + own[0].length, traps);
    }
    if (optionOfFlag(raw) === "workloops" && next !== undefined) {
      unquoted(value, next.start, next.start, traps);
    }
  });
  const words = spans.map(({ start, end }) => wordIn(value, start, end, true));
  return commandGiven(words, name, traps);
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  s: " ",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

/** One word: quotes go, escapes and `%%` are resolved; specifiers, and in commands variables, stay unknown. */
function wordIn(line: Value, start: number, end: number, expands: boolean): Value {
  const out = pieces();
  const certainty = decode(line.text, start, end, out, expands);
  const span = { start, end };
  const written = line.text.slice(start, end);
  return valueIn(line, out.decoded(span, certainty), quotingOf(written, expands));
}

function decode(
  text: string,
  start: number,
  end: number,
  out: Pieces,
  expands: boolean,
): "exact" | "opaque" {
  let certainty: "exact" | "opaque" = "exact";
  let quote = "";
  let at = start;
  while (at < end) {
    const char = text[at] ?? "";
    const next = text[at + 1] ?? "";
    if (char === "\\" && at + 1 < end) {
      out.escape(escapes[next] ?? `\\${next}`, at, at + 2);
      at += 2;
    } else if (char === "%" && at + 1 < end) {
      out.escape(next === "%" ? "%" : "", at, at + 2);
      if (next !== "%") certainty = "opaque";
      at += 2;
    } else if (expands && char === "$" && next === "$") {
      out.escape("$", at, at + 2);
      at += 2;
    } else if (expands && char === "$" && /[A-Za-z_{]/.test(next)) {
      const found = /^\$(?:\{[^}]*\}|\w+)/.exec(text.slice(at, end))?.[0] ?? char;
      out.escape("", at, at + found.length);
      certainty = "opaque";
      at += found.length;
    } else {
      const turns = char === quote || (quote === "" && (char === '"' || char === "'"));
      if (turns) quote = quote === "" ? char : "";
      if (!turns) out.same(text, at, at + 1);
      at += 1;
    }
  }
  return certainty;
}

function quotingOf(written: string, expands: boolean): Quoting {
  const quoted = /^(["'])[^\\]*\1$/.test(written);
  const safe = quoted ? /^[A-Za-z0-9_:.,/=@>*+ -]*$/ : /^[A-Za-z0-9_:.,/=@>*+-]*$/;
  return {
    inline: (chars, value) => (safe.test(chars) && safe.test(value) ? chars : undefined),
    whole: (value) => {
      if (/[\r\n]/.test(value)) return undefined;
      const text = value.replace(/["\\]/g, "\\$&").replace(/%/g, "%%");
      return `"${expands ? text.replace(/\$/g, "$$$$") : text}"`;
    },
  };
}
