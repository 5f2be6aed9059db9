import { codePoint } from "../code-point.ts";
import type { Finding } from "../diagnostic.ts";
import type { RuleOf } from "../rule.ts";
import type { Span } from "../span.ts";

export const whiteSpaceInvalid: RuleOf<"white-space-invalid"> = {
  code: "white-space-invalid",
  severity: "error",
  summary: "Groups are separated by white space that no editor shows.",
  why: `Spaces, tabs and line ends separate groups. No-break spaces, byte order marks and the line separators of Unicode do so too in OpenFn's worker, but they look like a space or like nothing at all, and the programs that carry the value (shells, YAML readers, \`.env\` readers) take them for ordinary characters. They come in by copying from a web page or a word processor.`,
  bad: { language: "workloops", text: "fast_lane:1\u00a0manual>*:4" },
  good: { language: "workloops", text: "fast_lane:1 manual>*:4" },
  data: { characters: "the characters, each written as `U+00A0`" },
  fixes: [
    {
      title: "Write an ordinary space",
      meaning: "keeps",
      edits: (text, { span }) => {
        const atEdge = span.start === 0 || span.end === text.length;
        return [{ span, text: atEdge ? "" : " " }];
      },
    },
  ],
};

export function oddWhiteSpace(text: string, span: Span): Finding<"white-space-invalid"> {
  const odd = text.slice(span.start, span.end).replace(/[ \t\r\n]/g, "");
  const characters = [...odd].map(codePoint);
  return { span, data: { characters: [...new Set(characters)] } };
}
