/** A value that was read from the wire, or a sentence that names what is wrong in it. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string };

export function good<T>(value: T): Read<T> {
  return { ok: true, value };
}

export function bad(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

/** The field itself, never one that the object inherited. */
export function own(record: Readonly<Record<string, unknown>>, field: string): unknown {
  return Object.hasOwn(record, field) ? record[field] : undefined;
}

/** A string that is there and not empty. */
export function readName(
  record: Readonly<Record<string, unknown>>,
  field: string,
  where: string,
): Read<string> {
  const value = own(record, field);
  if (typeof value !== "string") return bad(`${where}.${field}: ${kindOf(value)}, not a string`);
  return value === "" ? bad(`${where}.${field}: empty`) : good(value);
}

/** A string, or `undefined` where the field is absent or null. Anything else is wrong. */
export function readOptionalText(
  record: Readonly<Record<string, unknown>>,
  field: string,
  where: string,
): Read<string | undefined> {
  const value = own(record, field);
  if (value === undefined || value === null) return good(undefined);
  return typeof value === "string"
    ? good(value)
    : bad(`${where}.${field}: ${kindOf(value)}, not a string`);
}

/** Reads each item; the first that is wrong is the answer. Absent and null are an empty list. */
export function readList<T>(
  value: unknown,
  where: string,
  readItem: (item: unknown, where: string) => Read<T>,
): Read<readonly T[]> {
  if (value === undefined || value === null) return good([]);
  if (!Array.isArray(value)) return bad(`${where}: ${kindOf(value)}, not a list`);
  const items: T[] = [];
  for (const [index, item] of value.entries()) {
    const read = readItem(item, `${where}[${index}]`);
    if (!read.ok) return read;
    items.push(read.value);
  }
  return good(items);
}

/** How a person calls the kind of a JSON value. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Uint8Array) return "bytes";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "a string" : `a ${typeof value}`;
}
