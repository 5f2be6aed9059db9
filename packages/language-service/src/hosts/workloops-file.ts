import { comments, sourceValue } from "@workloops/parser";
import { process, variable } from "../process.ts";
import { apply, change, type Origin, type Value, valueIn } from "../region.ts";
import { baseName, type Host, hash, nothing } from "./host.ts";

/** A file that holds one configuration, over several lines and with comments. */
export const workloopsFile: Host = {
  id: "workloops",
  comment: () => hash,
  mayClaim: isWorkloopsFile,
  claims: isWorkloopsFile,
  read: (origin) => {
    const { uri } = origin;
    const value = readWorkloopsFile(origin);
    const from = baseName(uri);
    const entry = {
      uri,
      span: value.span,
      name: "WORKER_WORKLOOPS",
      value,
      from,
      remove: undefined,
    };
    const name = baseName(uri);
    const given = [variable(entry)];
    const found = process({ uri, span: value.span, name, platform: "none", given });
    return { ...nothing, processes: [found] };
  },
};

function isWorkloopsFile(path: string): boolean {
  return baseName(path).endsWith(".workloops");
}

/** The value of a `.workloops` file: its text, with spaces in place of comments. */
export function readWorkloopsFile(origin: Origin): Value {
  const { text } = origin;
  const span = { start: 0, end: text.length };
  const value = sourceValue(text);
  const segments = value === "" ? [] : [{ text: span, file: span }];
  const decoded = { text: value, segments, certainty: "exact", span, content: span } as const;
  const found = valueIn(origin, decoded, { inline: (chars) => chars, whole: () => undefined });
  const held = comments(text);
  return {
    ...found,
    // A change that reaches over a comment would write spaces in its place, and what begins a file as
    // a byte order mark is no character of the value.
    write: (next) => {
      const edit =
        next.includes("#") || next.startsWith("\ufeff") ? undefined : change(value, next, span);
      const hit = held.some(
        (comment) =>
          edit !== undefined && edit.span.start < comment.end && edit.span.end > comment.start,
      );
      return edit === undefined || hit ? undefined : origin.write(apply(text, edit));
    },
  };
}
