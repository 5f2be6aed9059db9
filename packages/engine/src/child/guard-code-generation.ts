/**
 * Takes the ways from any object to the `Function` constructor of this realm.
 *
 * Job code runs in a context of its own where code from strings is off, but it is handed
 * objects of this realm (its state, its console, timers), and `state.constructor.constructor`
 * would compile text here, outside of that context. Adaptors, which do need `new Function`
 * (ajv compiles its schemas with it), still have the global itself.
 *
 * This is one fence of several: what keeps a job from harm is its process.
 */
export function guardCodeGeneration(): void {
  const samples = [
    function plain() {},
    async function asynchronous() {},
    function* generator() {
      yield 0;
    },
    async function* asynchronousGenerator() {
      yield 0;
    },
  ];
  for (const sample of samples) {
    const prototype = Object.getPrototypeOf(sample) as { constructor: { name: string } };
    const { name } = prototype.constructor;
    const refuse = {
      [name]() {
        const error = new EvalError("Code generation from strings disallowed for this context");
        // Without a frame of ours the runtime sees it come from the job, and ends the run.
        Error.captureStackTrace(error, refuse as () => void);
        throw error;
      },
    }[name];
    Object.defineProperty(prototype, "constructor", {
      value: Object.freeze(Object.assign(refuse as object, { prototype })),
      writable: false,
      configurable: false,
    });
  }
}
