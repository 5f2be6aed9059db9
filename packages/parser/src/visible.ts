import { codePoint } from "./code-point.ts";

const unseen = /[\p{C}\p{Z}\p{M}]/u;

/** A character, or its name where it would not be seen: controls, odd spaces, marks that stick to their neighbour. */
export function visibleCharacter(character: string): string {
  return character !== " " && unseen.test(character) ? `<${codePoint(character)}>` : character;
}

const shownUnits = 60;

/** A text with all that is unseen written out, and cut where it is long. */
export function visible(text: string): string {
  const cut = text.length > shownUnits ? `${text.slice(0, shownUnits - 1)}…` : text;
  return [...cut].map(visibleCharacter).join("");
}
