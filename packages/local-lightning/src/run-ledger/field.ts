const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: unknown): value is string {
  return typeof value === "string" && uuid.test(value);
}

/** Absent and null are the same to Lightning, and so is `""` in a required field. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** Errors are sentences; what is longer was not written to be read. */
const maxTextCharacters = 10_000;

/** A string with something in it, cut where it is very long, or null: Lightning takes `""` for null. */
export function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? cut(value, maxTextCharacters) : null;
}

/** The first so many characters of a text, with a mark where some are missing. */
export function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}…`;
}
