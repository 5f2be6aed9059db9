/**
 * A recogniser written by hand from the description of the language, sharing nothing with the
 * parser: the tests hold the two against each other.
 */
export function accepts(text: string): boolean {
  const groups = words(text);
  return groups.length > 0 && groups.every(isGroup) && !/[^\S \t\r\n]/.test(text);
}

/** How many errors a text must have: one for each broken group, and one for a text without groups. */
export function errorCount(text: string): number {
  const groups = words(text);
  if (groups.length === 0) return 1;
  let count = 0;
  groups.forEach((group, i) => {
    if (isGroup(group)) return;
    const before = groups[i - 1];
    // White space beside a `>` or `:` has torn one group in two.
    const torn =
      before !== undefined &&
      !isGroup(before) &&
      (">:".includes(before.at(-1) ?? " ") || ">:".includes(group.charAt(0)));
    if (!torn) count += 1;
  });
  return count;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function isGroup(word: string): boolean {
  const colon = word.lastIndexOf(":");
  if (colon < 0) return false;
  const names = word.slice(0, colon).split(">");
  return isCapacity(word.slice(colon + 1)) && names.every((n, i) => isName(n, i, names.length));
}

function isCapacity(text: string): boolean {
  if (text === "" || text.length > 5 || text.startsWith("0")) return false;
  for (const character of text) if (character < "0" || character > "9") return false;
  return Number(text) <= 10_000;
}

function isName(name: string, index: number, count: number): boolean {
  if (name === "*") return index === count - 1;
  if (name === "" || name.length > 64 || count > 100) return false;
  for (const c of name) {
    const letter = (c >= "a" && c <= "z") || (c >= "A" && c <= "Z");
    if (!letter && !(c >= "0" && c <= "9") && c !== "_") return false;
  }
  return true;
}

/** Every text over an alphabet up to a length, the shortest first. */
export function* texts(alphabet: readonly string[], longest: number): Generator<string> {
  let last = [""];
  yield "";
  for (let length = 1; length <= longest; length += 1) {
    const next: string[] = [];
    for (const prefix of last) {
      for (const character of alphabet) {
        const text = prefix + character;
        if (length < longest) next.push(text);
        yield text;
      }
    }
    last = next;
  }
}
