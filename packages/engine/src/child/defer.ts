type Operation = (state: unknown) => unknown;

/**
 * What a compiled promise chain calls, in place of the runtime's function of the same name: an
 * operation that throws at once goes through the chain like one that rejects, where the
 * runtime's skips all links behind the first.
 *
 * `error` gets what the operation threw and the state; without it the chain sees the error.
 */
export function defer(
  operation: Operation,
  complete: (result: Promise<unknown>) => unknown = (result) => result,
  error?: (thrown: unknown, state: unknown) => unknown,
): Operation {
  return (state) => {
    const result = new Promise((resolve) => resolve(operation(state)));
    return complete(error === undefined ? result : result.catch((thrown) => error(thrown, state)));
  };
}
