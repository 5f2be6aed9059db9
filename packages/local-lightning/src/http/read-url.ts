/** A URL, or undefined where the text is none: what clients send in a request line may be anything. */
export function readUrl(text: string | undefined, base?: string): URL | undefined {
  if (text === undefined || !URL.canParse(text, base)) return undefined;
  return new URL(text, base);
}
