/**
 * A value as JSON text, now: what changes later is not seen. Circular references, BigInts and
 * accessors that throw are said instead of thrown, since a log line must not end a job.
 */
export function serialise(value: unknown): string {
  const above: object[] = [];
  try {
    const text = JSON.stringify(value, function (this: unknown, _key, item: unknown) {
      if (typeof item === "bigint") return item.toString();
      if (typeof item !== "object" || item === null) return item;
      // `this` is the holder: everything behind it on the stack is no longer above the item.
      while (above.length > 0 && above.at(-1) !== this) above.pop();
      if (above.includes(item)) return "[Circular]";
      above.push(item);
      return item;
    });
    return text ?? "null";
  } catch (error) {
    const said = (error as { message?: unknown } | null)?.message;
    const reason = typeof said === "string" ? said : String(error);
    return JSON.stringify(`[cannot be logged: ${reason}]`);
  }
}
