/**
 * A world of the shipping code passes some millions of probes. Whoever passes so many turns in
 * circles: every loop of the core has a condition, so that this finds it wherever it runs, and
 * however busy the machine is.
 */
const MOST_PROBES = 100_000_000;

/**
 * What the probes call inside the bundle. `active` is the probe that is turned over, or -1; `yes`
 * and `no` count which way each went, `left` how many may still be passed in the world that was
 * begun. The files of a bundle share one.
 */
export const runtime = `
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
`;
