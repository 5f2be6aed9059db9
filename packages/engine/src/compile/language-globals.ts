/** Names that JavaScript itself, the job's sandbox or OpenFn's compiler takes as given. */
const names = `
Array ArrayBuffer AsyncFunction Atomics BigInt BigInt64Array BigUint64Array Boolean Buffer DataView
Date Error EvalError FinalizationRegistry Float32Array Float64Array Function Generator
GeneratorFunction Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number
Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol
SyntaxError TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array
Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly arguments clearInterval clearTimeout console
decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval exports fetch global
globalThis isFinite isNaN module parseFloat parseInt process require setImmediate setInterval
setTimeout state undefined unescape window
`;

/** In guess mode these are never imported; a call of one is never an operation. */
export const languageGlobals: ReadonlySet<string> = new Set(names.trim().split(/\s+/));
