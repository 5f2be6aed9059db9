import { mayHoldValue, traceWords } from "@workloops/language-service";

/** Whether a folder's file is worth reading, by its name alone. */
export function mayHold(path: string): boolean {
  return mayHoldValue(path);
}

/** Whether a file holds a word without which it can hold no value and describe no worker. */
export function holdsTrace(bytes: Buffer): boolean {
  return traceWords.some((word) => bytes.includes(word));
}
