/**
 * The final state as JSON text. Where several steps were leaves, the results that are empty
 * (`{}`, `{ data: {} }`) are left out, one by one; where only one of those leaves gave anything,
 * its own empty keys go the same way, as in OpenFn's worker.
 */
export function finalStateText(result: unknown, leafCount: number): string | undefined {
  if (result === undefined) return undefined;
  if (leafCount <= 1 || typeof result !== "object" || result === null || Array.isArray(result))
    return JSON.stringify(result);
  const kept = Object.entries(result).filter(([, value]) => !isEmpty(value));
  return JSON.stringify(Object.fromEntries(kept));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  if (entries.length === 0) return true;
  const [key, inner] = entries[0] ?? [];
  return (
    entries.length === 1 && key === "data" && isObject(inner) && Object.keys(inner).length === 0
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
