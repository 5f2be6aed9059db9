import { mayHoldValue, traceWords } from "@workloops/language-service";

const traces = traceWords.map((word) => Buffer.from(word));

/** Whether a folder's file is worth reading, by its name alone. */
export function mayHold(path: string): boolean {
  return mayHoldValue(path);
}

/** Whether a file holds a word without which it can hold no value and describe no worker. A `.workloops` file is a value as a whole. */
export function holdsTrace(path: string, bytes: Buffer): boolean {
  return path.endsWith(".workloops") || traces.some((word) => bytes.includes(word));
}
