// Draws the grammar of the language as railroad diagrams, one SVG file for each rule, into
// docs/language/. `npm run build` does it, so that the drawings are those of the grammar.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isMain, root } from "./setup.mjs";

const railroad = createRequire(import.meta.url)("railroad-diagrams");

const style = `
svg.railroad-diagram { background-color: #fbfaf7; }
svg.railroad-diagram path { stroke-width: 2; stroke: #444; fill: none; }
svg.railroad-diagram rect { stroke-width: 2; stroke: #444; fill: #e6f2e6; }
svg.railroad-diagram text { font: bold 14px monospace; text-anchor: middle; fill: #111; }
`;

/** What a character class is called in a drawing. */
const classNames = {
  "[A-Za-z0-9_]": "A-Z a-z 0-9 _",
  "[1-9]": "1-9",
  "[0-9]": "0-9",
  "[ #x9#xA#xD]": "space, tab, line end",
};

/** Reads one body of W3C's EBNF: choices of sequences of terms, each perhaps with `?`, `*` or `+`. */
function drawingOf(body) {
  const words = body.match(/"[^"]*"|\[[^\]]*\]|\w+|[()|?*+]/g);
  const choice = () => {
    const parts = [sequence()];
    while (words[0] === "|") {
      words.shift();
      parts.push(sequence());
    }
    return parts.length === 1 ? parts[0] : railroad.Choice(0, ...parts);
  };
  const sequence = () => {
    const parts = [];
    while (words.length > 0 && words[0] !== ")" && words[0] !== "|") parts.push(repeated());
    return parts.length === 1 ? parts[0] : railroad.Sequence(...parts);
  };
  const repeated = () => {
    const part = term();
    if (words[0] === "?") return words.shift() && railroad.Choice(0, railroad.Skip(), part);
    if (words[0] === "+") return words.shift() && railroad.OneOrMore(part);
    if (words[0] !== "*") return part;
    words.shift();
    return railroad.Choice(0, railroad.Skip(), railroad.OneOrMore(part));
  };
  const term = () => {
    const word = words.shift();
    if (word === "(") {
      const inner = choice();
      words.shift();
      return inner;
    }
    if (word.startsWith('"')) return railroad.Terminal(word.slice(1, -1));
    if (!word.startsWith("[")) return railroad.NonTerminal(word);
    const name = classNames[word];
    if (name === undefined) throw new Error(`${word} has no name for the drawings.`);
    return railroad.Terminal(name);
  };
  return choice();
}

/** The drawing of each rule of a grammar, by the rule's name. */
export function drawings(grammar) {
  const rules = grammar.trim().split("\n");
  return new Map(
    rules.map((rule) => {
      const [name, body] = rule.split("::=").map((part) => part.trim());
      const svg = railroad.Diagram(drawingOf(body)).format(16, 12).toString();
      const open = svg.slice(0, svg.indexOf(">"));
      const rest = svg.slice(open.length + 1);
      const label = `role="img" aria-label="${name}"`;
      const head = `${open} xmlns="http://www.w3.org/2000/svg" ${label}>\n<style>${style}</style>`;
      return [name, `${head}${rest}\n`];
    }),
  );
}

export async function drawGrammar() {
  const { ebnf } = await import("../packages/parser/dist/index.js");
  const folder = join(root, "docs", "language");
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of drawings(ebnf)) writeFileSync(join(folder, `${name}.svg`), svg);
}

if (isMain(import.meta.url)) await drawGrammar();
