import type { IToken } from "chevrotain";
import type { Group } from "./ast.ts";
import { endOf } from "./build.ts";
import { runGrammar } from "./grammar.ts";
import type { Limits } from "./limits.ts";
import type { Span } from "./span.ts";
import { lexer } from "./tokens.ts";

/** The groups of a text, and the stretches of white space between them that should be ordinary. */
export interface Groups {
  readonly groups: readonly Group[];
  readonly oddSpaces: readonly Span[];
}

/**
 * UTF-16 units that are read at a time. Tokens take many times the memory of their text, and
 * only so many of them live at once; a piece ends at white space, which no group contains.
 */
const pieceUnits = 16 * 1024;

/** Reads the groups of a text, piece by piece. */
export function readGroups(text: string, limits: Limits): Groups {
  if (text.length <= pieceUnits) return readPiece(text, 0, text, limits);
  const groups: Group[] = [];
  const oddSpaces: Span[] = [];
  for (let start = 0; start < text.length; ) {
    const end = pieceEnd(text, start);
    const piece = readPiece(text.slice(start, end), start, text, limits);
    for (const group of piece.groups) groups.push(group);
    oddSpaces.push(...piece.oddSpaces);
    start = end;
  }
  return { groups, oddSpaces };
}

function pieceEnd(text: string, start: number): number {
  const space = /\s/g;
  space.lastIndex = start + pieceUnits;
  return space.exec(text)?.index ?? text.length;
}

function readPiece(piece: string, start: number, text: string, limits: Limits): Groups {
  const { tokens } = lexer.tokenize(piece);
  if (start > 0) for (const token of tokens) token.startOffset += start;
  const { groups, oddSpaces } = runGrammar(tokens, { text, limits });
  return { groups, oddSpaces: oddSpaces.length === 0 ? none : stretches(oddSpaces, text) };
}

const none: readonly Span[] = [];

/** One span for each stretch between two groups, however often it changes between good and odd white space. */
function stretches(oddSpaces: readonly IToken[], text: string): readonly Span[] {
  const spans: Span[] = [];
  for (const token of oddSpaces) {
    const before = spans[spans.length - 1];
    const apart = before === undefined || /\S/.test(text.slice(before.end, token.startOffset));
    if (!apart) spans.pop();
    spans.push({ start: apart ? token.startOffset : before.start, end: endOf(token) });
  }
  return spans;
}
