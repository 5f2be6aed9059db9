/**
 * How deep lists and objects may lie in one another, in what is read and in what is sent. Node
 * writes some 4,000 levels as JSON and throws above them; dataclips of people have a few dozen.
 */
export const MAX_NESTING_LEVELS = 500;

/** Whether a JSON value is nested more deeply than Node can be trusted to write again. */
export function isTooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let levels = 0; levels <= MAX_NESTING_LEVELS; levels += 1) {
    const below: unknown[] = [];
    for (const one of level) {
      if (typeof one !== "object" || one === null || one instanceof Uint8Array) continue;
      for (const inner of Array.isArray(one) ? one : Object.values(one)) below.push(inner);
    }
    if (below.length === 0) return false;
    level = below;
  }
  return true;
}
