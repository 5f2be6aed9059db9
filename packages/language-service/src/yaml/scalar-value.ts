import { type Value, valueIn } from "../region.ts";
import { decodeScalar } from "./decode-scalar.ts";
import { quotingOf } from "./quote-scalar.ts";
import { asScalar, type Cursor } from "./yaml-file.ts";

/** A scalar as the text that YAML's reader hands on; undefined for maps, lists and nothing. */
export function scalarValue(at: Cursor, inFlow: boolean): Value | undefined {
  const scalar = asScalar(at);
  if (scalar?.range == null) return undefined;
  const plain = decodeScalar(at.file.text, scalar);
  // A tag of an application's own, such as !Ref or !vault, makes another value of it.
  const tagged = scalar.tag?.startsWith("!") === true;
  const decoded = tagged ? ({ ...plain, certainty: "opaque" } as const) : plain;
  return valueIn(at.file.origin, decoded, quotingOf(at.file.text, scalar, decoded, inFlow));
}
