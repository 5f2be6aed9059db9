import { createToken, Lexer, type TokenType } from "chevrotain";

/** What separates groups. It is a token and never skipped: in `a:1 b> c:3` it is all that tells a broken group from a good one. */
export const Space = createToken({ name: "Space", pattern: /[ \t\r\n]+/, line_breaks: true });

/**
 * The rest of what `String.prototype.trim` calls white space: no-break spaces, BOM, line separators.
 * It separates groups too, so that the groups around it survive, and is an error of its own.
 */
export const OddSpace = createToken({
  name: "OddSpace",
  pattern: /[\v\f\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/,
  line_breaks: true,
});

/** A name or a count: `5` is a queue before the colon and a capacity after it, which only the grammar knows. */
export const Word = createToken({ name: "Word", pattern: /[A-Za-z0-9_]+/ });
export const Star = createToken({ name: "Star", pattern: /\*/ });
export const Arrow = createToken({ name: "Arrow", pattern: />/ });
export const Colon = createToken({ name: "Colon", pattern: /:/ });

/** Any other character, so that the lexer has no errors and one bad name stays one error. */
export const Unknown = createToken({
  name: "Unknown",
  pattern: /[\u0000-\uffff]/,
  line_breaks: true,
});

/** In the order in which they are tried. */
export const tokens: TokenType[] = [Word, Colon, Space, Arrow, Star, OddSpace, Unknown];

export const lexer = new Lexer(tokens, {
  positionTracking: "onlyOffset",
  ensureOptimizations: true,
  // The tests build this lexer with the validations on; a user need not wait for them.
  skipValidations: true,
});
