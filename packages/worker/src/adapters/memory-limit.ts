import { totalmem } from "node:os";

/** Bytes that this process and its children may take together: the cgroup's limit, else the machine's memory. */
export function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  const total = totalmem();
  // No limit is told as 0, or as a number beyond any machine.
  return constrained > 0 && constrained < total ? constrained : total;
}
