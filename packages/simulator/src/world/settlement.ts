import type { Agenda } from "./agenda.ts";

/** A promise of the world's own, and what settles it. */
export interface Settlement<T> {
  readonly promise: Promise<T>;
  settle(value: T): void;
}

/**
 * Settles inside the world's steps instead of in a microtask: who waits for it goes on in the
 * step that settles it, so that the order of all things is the agenda's and a world needs no
 * turn of Node's event loop. It never rejects, as the ports promise.
 */
export function createSettlement<T>(agenda: Agenda): Settlement<T> {
  let settled: { readonly value: T } | undefined;
  const waiting: ((value: T) => void)[] = [];
  const promise = {
    // biome-ignore lint/suspicious/noThenProperty: it stands where the driver expects a promise
    then: (onValue: (value: T) => void): void => {
      const done = settled;
      if (done === undefined) waiting.push(onValue);
      else agenda.after(0, () => onValue(done.value));
    },
  };
  return {
    // The driver calls nothing but `then` with one argument; the type asks for more.
    promise: promise as unknown as Promise<T>,
    settle: (value) => {
      if (settled !== undefined) throw new Error("settled twice");
      settled = { value };
      for (const onValue of waiting) onValue(value);
    },
  };
}
