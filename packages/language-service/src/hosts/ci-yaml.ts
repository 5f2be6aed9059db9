import { hole, pieces, type Value, valueIn } from "../region.ts";
import { type LooseReader, type LooseReading, readLoose } from "../yaml/loose.ts";
import { parseYaml, rootOf } from "../yaml/yaml-file.ts";
import { type Host, hash } from "./host.ts";

/** GitHub and GitLab pipelines, and others of their shape: variables at every level, and shell scripts. */
export const ciYaml: Host = {
  id: "ci-yaml",
  comment: () => hash,
  mayClaim: (path) => /\.ya?ml$/i.test(path),
  claims: (path, text) =>
    /\.ya?ml$/i.test(path) &&
    (/(?:^|\/)\.github\/|gitlab-ci[^/]*$|(?:^|\/)\.gitlab\/|(?:^|\/)\.circleci\/|(?:^|\/)(?:bitbucket|azure)-pipelines/.test(
      path,
    ) ||
      (/^(?:on|stages|jobs|before_script)[ \t]*:/m.test(text) &&
        /^[ \t]+-?[ \t]*(?:run|script)[ \t]*:/m.test(text))),
  read: (origin) => {
    const file = parseYaml(origin);
    const found: LooseReading = { processes: [], traps: [], embedded: [] };
    for (const document of file.documents) readLoose(rootOf(file, document), reader, found);
    return { ...found, problems: file.problems };
  },
};

const reader: LooseReader = {
  platform: "none",
  inherits: true,
  scripts: /^(?:run|script|before_script|after_script|bash|command)$/,
  decode: withoutExpressions,
};

const expression = /\$\{\{[\s\S]*?\}\}|\$\[\[[\s\S]*?\]\]/g;

/** `${{ … }}` is put in by the CI before anybody reads the text: what comes is not known here. */
function withoutExpressions(value: Value): Value {
  const { text } = value;
  if (!text.includes("${{") && !text.includes("$[[")) return value;
  const out = pieces();
  let at = 0;
  for (const { 0: found, index } of text.matchAll(expression)) {
    out.same(text, at, index);
    out.escape(hole.repeat(found.length), index, index + found.length);
    at = index + found.length;
  }
  out.same(text, at, text.length);
  const span = { start: 0, end: text.length };
  const found = valueIn(value, out.decoded(span), {
    inline: (chars) => chars,
    whole: () => undefined,
  });
  return { ...found, span: value.span, content: value.content };
}
