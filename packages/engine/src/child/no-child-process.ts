/**
 * Stands in for Node's `child_process` in the child's bundle: `@openfn/runtime` can install
 * packages with it, which is the engine's work, and no run may start a process.
 */
export function exec(): never {
  throw new Error("A run cannot start processes.");
}
