import { ExpressionReader, literal, setOf } from "./read-pattern.ts";
import type { Expression } from "./regular.ts";

/** One rule of the grammar: its name and what stands behind `::=`. */
export interface Production {
  readonly name: string;
  readonly body: string;
}

/** The rules of a grammar in W3C's EBNF, one a line. */
function productions(grammar: string): readonly Production[] {
  return grammar
    .trim()
    .split("\n")
    .map((line) => {
      const [name = "", body = ""] = line.split("::=").map((part) => part.trim());
      return { name, body };
    });
}

/** The whole grammar as one expression. It has no recursion, so each name can be put in place. */
export function readGrammar(grammar: string): Expression {
  const rules = productions(grammar);
  const read = (name: string): Expression => {
    const rule = rules.find((candidate) => candidate.name === name);
    if (rule === undefined) throw new Error(`No rule ${name}`);
    return new ExpressionReader(rule.body, (reader) => {
      reader.take(/\s+/);
      if (reader.take(/\(/) !== undefined) {
        const expression = reader.choice();
        reader.take(/\s*\)/);
        return expression;
      }
      const members = reader.take(/\[[^\]]*\]/);
      if (members !== undefined) return setOf(characters(members.slice(1, -1)));
      const quoted = reader.take(/"[^"]*"/);
      if (quoted !== undefined) return literal(quoted.slice(1, -1));
      return read(reader.take(/\w+/) ?? "");
    }).whole();
  };
  return read(rules[0]?.name ?? "");
}

/** `#x9` is a character by its number, as in W3C's notation. */
function characters(members: string): string {
  return members.replace(/#x([0-9A-F]+)/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
