import type { Expression } from "./regular.ts";

/**
 * Reads what the grammar and the pattern of the JSON Schema share: groups, choices, `* + ?` and
 * character classes. `atom` reads what differs between the two.
 */
export class ExpressionReader {
  private at = 0;
  private readonly text: string;
  private readonly atom: (reader: ExpressionReader) => Expression;

  constructor(text: string, atom: (reader: ExpressionReader) => Expression) {
    this.text = text;
    this.atom = atom;
  }

  /** Takes what a sticky pattern matches here. */
  take(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found === null) return undefined;
    this.at = sticky.lastIndex;
    return found[0];
  }

  whole(): Expression {
    const expression = this.choice();
    if (this.at < this.text.length) throw new Error(`Not read: ${this.text.slice(this.at)}`);
    return expression;
  }

  choice(): Expression {
    const parts = [this.sequence()];
    while (this.take(/\s*\|\s*/) !== undefined) parts.push(this.sequence());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: "choice", parts };
  }

  private sequence(): Expression {
    const parts: Expression[] = [];
    while (this.at < this.text.length && !/^\s*[|)]/.test(this.text.slice(this.at))) {
      parts.push(this.repeated());
    }
    return { kind: "sequence", parts };
  }

  private repeated(): Expression {
    const of = this.atom(this);
    const sign = this.take(/[*+?]/);
    if (sign === undefined) return of;
    return { kind: "repeat", of, least: sign === "+" ? 1 : 0, most: sign === "?" ? 1 : 2 };
  }
}

/** The members of a character class, written between `[` and `]`. */
export function setOf(members: string): Expression {
  const ranges: [number, number][] = [];
  for (const [, from = "", to = from] of members.matchAll(/([^-])(?:-([^-]))?/gu)) {
    ranges.push([from.charCodeAt(0), to.charCodeAt(0)]);
  }
  return { kind: "set", has: (code) => ranges.some(([from, to]) => code >= from && code <= to) };
}

export function literal(text: string): Expression {
  const parts = [...text].map((c): Expression => {
    return { kind: "set", has: (code) => code === c.charCodeAt(0) };
  });
  return { kind: "sequence", parts };
}

/** The expression of an anchored regular expression in the subset that the schema uses. */
export function readPattern(pattern: string): Expression {
  const inner = /^\^(.*)\$$/s.exec(pattern)?.[1];
  if (inner === undefined) throw new Error("The pattern is not anchored.");
  const escapes: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n" };
  const plain = (text: string) => text.replace(/\\(.)/g, (_, c: string) => escapes[c] ?? c);
  return new ExpressionReader(inner, (reader) => {
    if (reader.take(/\(\?:/) !== undefined) {
      const expression = reader.choice();
      reader.take(/\)/);
      return expression;
    }
    const members = reader.take(/\[[^\]]*\]/);
    if (members !== undefined) return setOf(plain(members.slice(1, -1)));
    return literal(plain(reader.take(/\\.|./) ?? ""));
  }).whole();
}
