import type { Span } from "@workloops/parser";
import { assignment } from "../command.ts";
import { type Given, type Link, type Process, process, variable } from "../process.ts";
import {
  type Origin,
  type Pieces,
  pieces,
  type Quoting,
  toFile,
  type Value,
  valueIn,
} from "../region.ts";
import { containerCommand, readDockerRun } from "../shell/docker-run.ts";
import { unquotedReach, withoutQuotes } from "../shell/unquoted.ts";
import { wordSpans } from "../shell/word-spans.ts";
import { optionOfFlag, optionOfVariable } from "../worker-options.ts";
import { commandGiven } from "../yaml/command-given.ts";
import { baseName, type Host, hashLine, nothing, type Trap } from "./host.ts";
import { durationSeconds, quantity, systemdBytes, unsaid } from "./quantity.ts";
import { type Directive, directives } from "./systemd-directives.ts";

/** systemd units and Podman's container units. */
export const systemd: Host = {
  id: "systemd",
  comment: () => hashLine,
  mayClaim: isUnit,
  claims: isUnit,
  read: (origin) => {
    const all = directives(origin);
    const traps: Trap[] = [];
    const last = (name: string) => all.findLast((found) => found.name === name);
    const starts = started(all);
    const { uri } = origin;
    const memory = last("MemoryMax") ?? last("MemoryLimit");
    const variables = all
      .filter(({ name }) => name === "Environment")
      .flatMap((line) => environment(line, traps));
    const commands = starts.map((line) => ({ line, words: commandWords(line, traps) }));
    const containers = commands.flatMap(({ words }) => container(words, variables));
    const grace = quantity((last("TimeoutStopSec") ?? last("TimeoutSec"))?.value, graceSeconds);
    const base = extended(uri, origin);
    const unit: Process = process({
      uri,
      span: starts.at(-1)?.nameSpan ?? header(origin),
      name: `unit ${baseName(uri)}`,
      platform: "systemd",
      image: last("Image")?.value,
      given: [
        ...variables,
        ...commands.flatMap(({ line, words }) =>
          containerCommand(words) === undefined ? commandGiven(words, line.name, traps) : [],
        ),
      ],
      links: [...base, ...all.flatMap(envFile)],
      memoryLimit: quantity(memory?.value, systemdBytes),
      // What a drop-in does not say is the unit's to say.
      stopGrace: grace ?? (base.length > 0 ? unsaid(uri, header(origin)) : undefined),
    });
    return { ...nothing, processes: [unit, ...containers], traps };
  },
};

/** The commands that a unit starts: an empty one takes those before it back. */
function started(all: readonly Directive[]): Directive[] {
  const starts = all.filter(({ name }) => name === "ExecStart" || name === "Exec");
  const reset = starts.findLastIndex(({ value }) => value.text.trim() === "");
  return starts.slice(reset + 1);
}

/** A unit that only runs a container: what docker is told there. */
function container(words: readonly Value[], variables: readonly Given[]): Process[] {
  const at = containerCommand(words);
  const [first] = words;
  if (at === undefined || first === undefined) return [];
  return [readDockerRun(words, at, { uri: first.uri, span: first.span }, variables)];
}

/** A drop-in, `NAME.service.d/*.conf`, is laid over the unit of that name. */
function extended(uri: string, origin: Origin): Link[] {
  const [, unit] = /([^/]+)\.d\/[^/]+\.conf$/.exec(uri) ?? [];
  if (unit === undefined) return [];
  return [{ kind: "service", service: unit, path: `../${unit}`, span: header(origin) }];
}

/** Where a unit is pointed at that starts nothing. */
function header(origin: Origin): Span {
  const [found] = [...origin.text.matchAll(/\[(?:Service|Container)\]/g)];
  const start = found?.index ?? 0;
  return toFile(origin, { start, end: start + (found?.[0].length ?? 0) });
}

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
  return [{ kind: "env-file", path, span: value.content, dialect: "systemd" }];
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
  const whole = withoutQuotes(text.slice(from, reach.end));
  const quoted = `${text.slice(0, from)}"${whole}"${text.slice(reach.end)}`;
  const edit = line.write(quoted);
  traps.push({
    code: "systemd-unquoted",
    span: toFile(line, reach),
    reads: `systemd ends the value at the white space, so that the process receives ${JSON.stringify(withoutQuotes(text.slice(start, reach.head)))}`,
    fix: edit && { title: "Quote the whole of it", edits: [edit] },
  });
}

function commandWords({ value }: Directive, traps: Trap[]): Value[] {
  const spans = wordSpans(value.text);
  spans.forEach(({ start, end }, i) => {
    const raw = value.text.slice(start, end);
    const next = spans[i + 1];
    const own = /^(?:(--[a-z]+)|(?:-e|--env=)?([A-Z_]+))=/.exec(raw);
    const option = optionOfFlag(own?.[1] ?? "") ?? optionOfVariable(own?.[2] ?? "");
    if (own !== null && option === "workloops") {
      unquoted(value, start, start + own[0].length, traps);
    }
    if (optionOfFlag(raw) === "workloops" && next !== undefined) {
      unquoted(value, next.start, next.start, traps);
    }
  });
  return spans.map(({ start, end }, i) => {
    // Signs before the program say how systemd runs it.
    const signs = i === 0 ? (/^[-@:+!|]*/.exec(value.text.slice(start, end))?.[0].length ?? 0) : 0;
    return wordIn(value, start + signs, end, true);
  });
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
