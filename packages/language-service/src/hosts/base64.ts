import { type Pieces, pieces, type Value, valueIn } from "../region.ts";

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The characters of a base64 text, each below 256. This package may use nothing of Node's or a browser's own. */
function decodeBase64(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i += 4) {
    const group = text.slice(i, i + 4).replace(/=/g, "");
    let bits = 0;
    for (const digit of group) bits = bits * 64 + digits.indexOf(digit);
    const bytes = group.length - 1;
    // Of a short last group the lowest bits belong to no byte.
    const whole = Math.floor(bits / 4 ** (3 - bytes));
    for (let b = bytes - 1; b >= 0; b -= 1)
      out += String.fromCharCode(Math.floor(whole / 256 ** b) % 256);
  }
  return out;
}

function encodeBase64(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i += 3) {
    const bytes = [...text.slice(i, i + 3)].map((c) => c.charCodeAt(0));
    const bits = (bytes[0] ?? 0) * 65536 + (bytes[1] ?? 0) * 256 + (bytes[2] ?? 0);
    for (let d = 0; d < 4; d += 1) {
      const digit = digits[Math.floor(bits / 64 ** (3 - d)) % 64] ?? "=";
      out += d > bytes.length ? "=" : digit;
    }
  }
  return out;
}

const plain = /^[\t\n\r\x20-\x7e]*$/;

/** A Secret's `data` as the text that the process receives; undefined where it is no ASCII text. */
export function fromBase64(value: Value): Value | undefined {
  const text = value.text.trim();
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    return undefined;
  const decoded = decodeBase64(text);
  if (!plain.test(decoded)) return undefined;
  const out: Pieces = pieces();
  const start = value.text.indexOf(text);
  // Four characters of base64 are three of the text: no place inside such a group is exact.
  for (let i = 0; i < decoded.length; i += 3) {
    const at = start + (i / 3) * 4;
    out.escape(decoded.slice(i, i + 3), at, at + 4);
  }
  const span = { start, end: start + text.length };
  return valueIn(value, out.decoded(span), {
    inline: () => undefined,
    whole: (next) => (plain.test(next) ? encodeBase64(next) : undefined),
  });
}
