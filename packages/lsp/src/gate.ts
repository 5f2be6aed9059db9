import type { MessageStrategy } from "vscode-languageserver";

/** Holds back messages for as long as nobody is there to take them. */
export interface Gate {
  /** For `createConnection`: it hands on each message, in the order in which they came. */
  readonly strategy: MessageStrategy;
  /** Holds back every message from now on until the work is done. */
  readonly during: (work: () => Promise<void>) => Promise<void>;
}

export function createGate(): Gate {
  let closed: Promise<void> | undefined;
  return {
    strategy: {
      handleMessage: (message, next) =>
        closed === undefined ? next(message) : closed.then(() => next(message)),
    },
    during: async (work) => {
      closed = work();
      await closed;
      closed = undefined;
    },
  };
}
