import { check } from "@workloops/parser";
import type { Finding, Settings } from "../finding.ts";
import { parseOnce } from "../parse-once.ts";
import { toFile, type Value } from "../region.ts";
import { fixesIn } from "./fix.ts";

/** What the language has to say of a value, at its characters in the file that holds it. */
export function valueFindings(value: Value, settings: Settings): Finding[] {
  const { uri, text } = value;
  const { tree, diagnostics } = parseOnce(text);
  return [...diagnostics, ...check(tree, settings)].map((problem) => {
    const { code, severity, message, span, data, related = [] } = problem;
    return {
      ...{ code, severity, message, uri, data },
      span: toFile(value, span),
      related: related.map((place) => ({
        uri,
        span: toFile(value, place.span),
        message: place.message,
      })),
      fixes: fixesIn(value, problem),
    };
  });
}
