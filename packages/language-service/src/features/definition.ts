import { isScalar, isSeq, parseDocument } from "yaml";
import type { Document } from "../document.ts";
import type { Place } from "../process.ts";
import { references } from "./references.ts";

/** A file of settings as it stands. JSON, which YAML reads too. */
export interface SettingsText {
  readonly uri: string;
  readonly text: string;
}

/**
 * Where a queue comes from: its name among the `queues` of the settings, when they declare it.
 * A queue that nobody declares exists by being named, so each such place is as good as the others.
 */
export function definition(
  documents: Iterable<Document>,
  name: string,
  settings: SettingsText | undefined,
): Place[] {
  const declared = settings && declaredIn(settings, name);
  return declared === undefined ? references(documents, name) : [declared];
}

function declaredIn({ uri, text }: SettingsText, name: string): Place | undefined {
  // Half typed, it gives what can be read of it.
  const queues = parseDocument(text).get("queues", true);
  if (!isSeq(queues)) return undefined;
  for (const item of queues.items) {
    if (!isScalar(item) || item.value !== name || !item.range) continue;
    const [from, to] = item.range;
    const start = text.indexOf(name, from);
    if (start >= 0 && start < to) return { uri, span: { start, end: start + name.length } };
  }
  return undefined;
}
