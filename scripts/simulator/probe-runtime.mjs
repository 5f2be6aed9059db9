/**
 * A world of the shipping code passes some millions of probes. Whoever passes so many turns in
 * circles: every loop of the core has a condition, so that this finds it wherever it runs, and
 * however busy the machine is.
 */
const MOST_PROBES = 100_000_000;

/**
 * What the probes of a bundle call. The files of a bundle share one `__probes`; `yes` and `no` say
 * which way each went.
 */
export const runtimes = {
  /** For worlds that only tell which branches they took: as little as that can cost. */
  seen: `
const { yes: __yes, no: __no } = globalThis.__probes ??= {
  switched: undefined, yes: new Uint8Array(8192), no: new Uint8Array(8192),
};
function __cond(id, value) {
  if (value) __yes[id] = 1; else __no[id] = 1;
  return value;
}
function __absence(id, value) {
  return value;
}
function __switch(value) {
  return (globalThis.__probes.switched = value);
}
function __case(id, value) {
  if (value === globalThis.__probes.switched) __yes[id] = 1;
  return value;
}
function __effect(id) {
  __yes[id] = 1;
  return true;
}
`,
  /**
   * For mutants. `active` is the probe that is turned over, or -1; `left` how many may still be
   * passed in the world that was begun.
   */
  mutable: `
const __probes = globalThis.__probes ??= {
  active: -1, switched: undefined, yes: new Uint32Array(8192), no: new Uint32Array(8192),
  left: Infinity, begin() { this.left = ${MOST_PROBES}; },
};
function __count(id, is) {
  if (is) __probes.yes[id]++; else __probes.no[id]++;
  if (--__probes.left < 0) throw new Error("it turns in circles without an end");
}
function __cond(id, value) {
  __count(id, value);
  return id === __probes.active ? !value : value;
}
function __absence(id, value) {
  __count(id, value !== undefined && value !== null);
  return id === __probes.active ? undefined : value;
}
function __switch(value) {
  return (__probes.switched = value);
}
function __case(id, value) {
  __count(id, value === __probes.switched);
  return id === __probes.active ? __probes : value;
}
function __effect(id) {
  __count(id, true);
  return id !== __probes.active;
}
`,
};
