import type { Span } from "@workloops/parser";
import { assignment, slice } from "../command.ts";
import { flag, type Given, process, variable } from "../process.ts";
import { type Origin, pieces, type Quoting, toFile, type Value, valueIn } from "../region.ts";
import { optionOfVariable } from "../worker-options.ts";
import { baseName, type CommentSyntax, type Host, hash, nothing } from "./host.ts";

const slashes: CommentSyntax = { sign: "//", trails: true };

/**
 * Configuration in a language of its own that this project does not parse: Terraform, Nomad,
 * fly.toml, PM2 and Elixir files. Only a worker's own variable with a string right behind it
 * is read, which these languages spell alike, and nothing else of the file is judged.
 */
export const sourceText: Host = {
  id: "source-text",
  comment: (path) => (/\.(?:jsonc|[cm]?[jt]s)$/i.test(path) ? slashes : hash),
  mayClaim: isSource,
  claims: isSource,
  read: (origin) => {
    const { uri } = origin;
    const given = [
      ...assigned(origin),
      ...paired(origin),
      ...reversed(origin),
      ...inOneString(origin),
      ...flags(origin),
    ];
    const span = { start: origin.content.start, end: origin.content.start };
    // Blocks of several processes cannot be told apart here, so each value stands alone.
    const processes = given.map((one) =>
      process({ uri, span, name: baseName(uri), platform: "none", given: [one] }),
    );
    return { ...nothing, processes };
  },
};

function isSource(path: string): boolean {
  return /\.(?:tf|tfvars|hcl|nomad|toml|exs?|rb|jsonc|[cm]?[jt]s)$|(?:^|\/)Vagrantfile$/i.test(
    path,
  );
}

const string = `("(?:[^"\\\\\\n]|\\\\.)*"|'(?:[^'\\\\\\n]|\\\\.)*')`;
const assignedPattern = new RegExp(
  `["':]?\\b(WORKER_[A-Z_]+)["']?\\s*(?:=>|[=:]|(?<=[({]\\s*"WORKER_[A-Z_]+"\\s*),)\\s*${string}`,
  "g",
);
const pairedPattern = new RegExp(
  `\\bname["']?\\s*[=:]\\s*["'](WORKER_[A-Z_]+)["']\\s*,?\\s*["']?value["']?\\s*[=:]\\s*${string}`,
  "gi",
);

const reversedPattern = new RegExp(
  `\\bvalue["']?\\s*[=:]\\s*${string}\\s*,?\\s*["']?name["']?\\s*[=:]\\s*["'](WORKER_[A-Z_]+)["']`,
  "gi",
);

function reversed(origin: Origin): Given[] {
  return [...origin.text.matchAll(reversedPattern)].flatMap((match) => {
    const [all, written = "", name = ""] = match;
    if (optionOfVariable(name) === undefined) return [];
    const start = match.index + all.indexOf(written);
    const value = stringValue(origin, { start, end: start + written.length });
    const { uri } = origin;
    const end = match.index + all.length - 1;
    const span = toFile(origin, { start: end - name.length, end });
    return [variable({ uri, name, span, value, from: baseName(uri), remove: undefined })];
  });
}

/** `"NAME=value"`, an item of a list that a container is given. */
function inOneString(origin: Origin): Given[] {
  return [...origin.text.matchAll(/(["'])(WORKER_[A-Z_]+)=[^"'\\\n]*\1/g)].flatMap((match) => {
    const span = { start: match.index, end: match.index + match[0].length };
    const parts = assignment(stringValue(origin, span));
    if (parts === undefined || optionOfVariable(parts.name) === undefined) return [];
    const { uri } = origin;
    const place = { uri, span: toFile(origin, span), from: baseName(uri), remove: undefined };
    const { name, value } = parts;
    return [variable({ ...place, name, value: value && whileUnquoted(value) })];
  });
}

/** Quotes inside such a string mean that it is a script, and the value one of its words. */
function whileUnquoted(value: Value): Value {
  const write = (next: string) => (/["'\\]/.test(next) ? undefined : value.write(next));
  return { ...value, write };
}

const flagPattern = new RegExp(
  `(["'])(--(?:workloops|queues))(?:\\1\\s*,\\s*${string}|=[^"'\\\\\\n]*\\1)|(--workloops)[= ]${string}`,
  "g",
);

/** `"--workloops", "value"` and `"--workloops=value"`, and a command that is one string. */
function flags(origin: Origin): Given[] {
  return [...origin.text.matchAll(flagPattern)].flatMap((match) => {
    const [all, , name = match[4] ?? "", inList, , inText] = match;
    const end = match.index + all.length;
    const written = inList ?? inText;
    const start = written === undefined ? match.index : end - written.length;
    const whole = stringValue(origin, { start, end });
    const value = written === undefined ? slice(whole, name.length + 1) : whole;
    const { uri } = origin;
    const from = baseName(uri);
    const at = match.index + all.indexOf(name);
    return [
      flag({ uri, name, span: toFile(origin, { start: at, end }), value, from, remove: undefined }),
    ];
  });
}

function assigned(origin: Origin): Given[] {
  return [...origin.text.matchAll(assignedPattern)].flatMap((match) => givenBy(origin, match));
}

function paired(origin: Origin): Given[] {
  return [...origin.text.matchAll(pairedPattern)].flatMap((match) => givenBy(origin, match));
}

function givenBy(origin: Origin, match: RegExpExecArray): Given[] {
  const [all, name = "", written = ""] = match;
  if (optionOfVariable(name) === undefined) return [];
  const end = match.index + all.length;
  const value = stringValue(origin, { start: end - written.length, end });
  const { uri } = origin;
  const span = toFile(origin, { start: match.index + all.indexOf(name), end });
  return [variable({ uri, name, span, value, from: baseName(uri), remove: undefined })];
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** A string in double or single quotes. `${…}` and `#{…}` are expressions in these languages. */
function stringValue(origin: Origin, span: Span): Value {
  const { text } = origin;
  const quote = text[span.start] ?? '"';
  const content = { start: span.start + 1, end: span.end - 1 };
  const out = pieces();
  let at = content.start;
  while (at < content.end) {
    const next = text[at + 1] ?? "";
    if (text[at] === "\\") {
      out.escape(escapes[next] ?? next, at, at + 2);
      at += 2;
    } else {
      out.same(text, at, at + 1);
      at += 1;
    }
  }
  const certainty = /[$#]\{/.test(out.text()) ? "opaque" : "exact";
  return valueIn(origin, out.decoded(span, certainty, content), quotingOf(quote));
}

function quotingOf(quote: string): Quoting {
  const inside = (value: string) =>
    /[\r\n]|[$#]\{/.test(value)
      ? undefined
      : value.replace(/["'\\]/g, (c) => (c === quote || c === "\\" ? `\\${c}` : c));
  return {
    inline: inside,
    whole: (value) => {
      const text = inside(value);
      return text === undefined ? undefined : `${quote}${text}${quote}`;
    },
  };
}
