/**
 * What the probes call inside the bundle. `active` is the probe that is turned over, or -1; `yes`
 * and `no` count which way each went. The files of a bundle share one.
 */
export const runtime = `
const __probes = globalThis.__probes ??= { active: -1, switched: undefined, yes: new Uint32Array(8192), no: new Uint32Array(8192) };
function __cond(id, value) {
  if (value) __probes.yes[id]++; else __probes.no[id]++;
  return id === __probes.active ? !value : value;
}
function __absence(id, value) {
  if (value === undefined || value === null) __probes.no[id]++; else __probes.yes[id]++;
  return id === __probes.active ? undefined : value;
}
function __switch(value) {
  return (__probes.switched = value);
}
function __case(id, value) {
  if (value === __probes.switched) __probes.yes[id]++; else __probes.no[id]++;
  return id === __probes.active ? __probes : value;
}
function __effect(id) {
  __probes.yes[id]++;
  return id !== __probes.active;
}
`;
