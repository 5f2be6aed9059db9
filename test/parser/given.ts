import type { Given, ProcessGiven } from "@workloops/parser";

export const absent = { state: "absent" } as const;
export const unknown = { state: "unknown" } as const;

export function known<T>(value: T): Given<T> {
  return { state: "known", value };
}

/** A process that is given what is named here and nothing else. */
export function given(parts: Partial<ProcessGiven>): ProcessGiven {
  return {
    workloops: absent,
    capacity: absent,
    runMemory: absent,
    memoryLimit: absent,
    runDuration: absent,
    stopGrace: absent,
    ...parts,
  };
}

export const mebibyte = 1024 * 1024;
