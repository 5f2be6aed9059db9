const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(value: unknown): value is string {
  return typeof value === "string" && uuid.test(value);
}

/** Absent and null are the same to Lightning, and so is `""` in a required field. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** A string with something in it, or null: how Lightning's columns of text take `""`. */
export function textOrNull(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
