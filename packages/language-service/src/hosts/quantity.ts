import type { Span } from "@workloops/parser";
import type { Quantity } from "../process.ts";
import type { Value } from "../region.ts";

const binary = 1024;
const decimal = 1000;

function factor(base: number, letter: string): number | undefined {
  const power = ["", "k", "m", "g", "t", "p"].indexOf(letter.toLowerCase());
  return power < 0 ? undefined : base ** power;
}

/** Docker's and compose's bytes: `512m`, `2g`, `1.5GB`; every letter counts in 1024. */
export function dockerBytes(text: string): number | undefined {
  const [, digits, letter] = /^\s*([0-9]*\.?[0-9]+)\s*([bkmgtp]?)(?:i?b)?\s*$/i.exec(text) ?? [];
  if (digits === undefined || letter === undefined) return undefined;
  const unit = factor(binary, letter.toLowerCase() === "b" ? "" : letter);
  return unit === undefined ? undefined : Math.round(Number(digits) * unit);
}

/** Kubernetes' bytes: `2Gi` counts in 1024, `2G` in 1000, `500m` is half a byte. */
export function kubernetesBytes(text: string): number | undefined {
  const [, digits, letter, i] =
    /^\s*([0-9]*\.?[0-9]+(?:e[0-9]+)?)(m|[kMGTP]|[KMGTP](?=i))?(i)?\s*$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  if (letter === "m") return i === undefined ? Number(digits) / 1000 : undefined;
  const unit = factor(i === undefined ? decimal : binary, letter ?? "");
  return unit === undefined ? undefined : Math.round(Number(digits) * unit);
}

/** systemd's bytes: `2G` counts in 1024. `infinity` is no limit. */
export function systemdBytes(text: string): number | undefined {
  if (text.trim() === "infinity") return 0;
  const [, digits, letter] = /^\s*([0-9]+)([KMGTP]?)\s*$/.exec(text) ?? [];
  const unit = factor(binary, letter ?? "");
  return digits === undefined || unit === undefined ? undefined : Number(digits) * unit;
}

const seconds: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  "": 1,
  m: 60,
  min: 60,
  h: 3600,
  hr: 3600,
  d: 86_400,
};

/** Seconds of a duration: `1m30s`, `90`, `5min 20s`. */
export function durationSeconds(text: string): number | undefined {
  const written = text.trim();
  if (!/^(?:[0-9]*\.?[0-9]+\s*[a-z]*\s*)+$/.test(written)) return undefined;
  let total = 0;
  for (const [, digits, unit] of written.matchAll(/([0-9]*\.?[0-9]+)\s*([a-z]*)/g)) {
    const worth = seconds[unit ?? ""];
    if (worth === undefined) return undefined;
    total += Number(digits) * worth;
  }
  return total;
}

/** A whole number. */
export function count(text: string): number | undefined {
  return /^\s*[0-9]+\s*$/.test(text) ? Number(text) : undefined;
}

/** A value as a number in the unit that `read` knows; undefined where nothing is written. */
export function quantity(
  value: Value | undefined,
  read: (text: string) => number | undefined,
): Quantity | undefined {
  if (value === undefined) return undefined;
  const found = value.certainty === "opaque" ? undefined : read(value.text);
  return { uri: value.uri, span: value.content, value: found, text: value.text };
}

/** Of what this file leaves out because another says it: a quantity that is not known here. */
export function unsaid(uri: string, span: Span): Quantity {
  return { uri, span, value: undefined, text: "" };
}
