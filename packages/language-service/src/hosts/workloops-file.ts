import { process, variable } from "../process.ts";
import { type Origin, pieces, type Value, valueIn } from "../region.ts";
import { baseName, type Host, nothing } from "./host.ts";

/** A file that holds one configuration, over several lines and with comments. */
export const workloopsFile: Host = {
  id: "workloops",
  comment: "#",
  claims: (path) => baseName(path).endsWith(".workloops"),
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

/** The value of a `.workloops` file: its text without the comments. */
export function readWorkloopsFile(origin: Origin): Value {
  const { text } = origin;
  const out = pieces();
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const span = { start: at, end: text.length };
  while (at < text.length) {
    const hash = text.indexOf("#", at);
    out.same(text, at, hash < 0 ? text.length : hash);
    if (hash < 0) break;
    const feed = text.indexOf("\n", hash);
    at = feed < 0 ? text.length : feed;
  }
  const decoded = {
    text: out.text(),
    segments: out.segments(),
    certainty: "exact",
    span,
    content: span,
  } as const;
  return valueIn(origin, decoded, {
    inline: (chars) => (chars.includes("#") ? undefined : chars),
    whole: (value) => (value.includes("#") ? undefined : value),
  });
}
