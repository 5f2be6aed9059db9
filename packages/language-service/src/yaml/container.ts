import type { Trap } from "../hosts/host.ts";
import { count, durationSeconds, kubernetesBytes, quantity, unsaid } from "../hosts/quantity.ts";
import { type Link, type Platform, type Process, process } from "../process.ts";
import { pieces, type Value, valueIn } from "../region.ts";
import { mayConcernWorker } from "../worker-options.ts";
import { commandGiven, listWords } from "./command-given.ts";
import { fromPairs } from "./env-given.ts";
import { scalarValue } from "./scalar-value.ts";
import { type Cursor, child, items, spanOf, textOf } from "./yaml-file.ts";

/** What the pod says for all of its containers. */
export interface Pod {
  readonly platform: Platform;
  readonly scope: string;
  readonly owner: string;
  /** Whether it may be a patch, which leaves out what the patched object says. */
  readonly isPatch: boolean;
  readonly replicas: Cursor | undefined;
  readonly grace: Cursor;
}

const rangeless = { start: 0, end: 0 };

/** One container of a pod. */
export function readContainer(at: Cursor, pod: Pod, traps: Trap[]): Process {
  const { uri } = at.file;
  const value = (cursor: Cursor | undefined) => cursor && scalarValue(cursor, false);
  const reader = { from: "env", decode: dollars, stringsOnly: true, traps };
  const words = ["command", "args"].flatMap((key) => listWords(child(at, key), dollars, traps));
  const name = child(at, "name");
  const image = value(child(at, "image"));
  const isPart = pod.isPatch && image === undefined;
  const grace = quantity(value(pod.grace), durationSeconds);
  return process({
    uri,
    span: spanOf(at.file, name.node ?? at.node),
    name: `container ${textOf(name) ?? ""} of ${pod.owner}`,
    platform: pod.platform,
    image,
    given: [
      ...fromPairs(child(at, "env"), reader, ["name", "value"]).filter(({ name }) =>
        mayConcernWorker(name),
      ),
      ...commandGiven(words, "args", traps),
    ],
    links: envFrom(at),
    memoryLimit: quantity(value(child(at, "resources", "limits", "memory")), kubernetesBytes),
    // What a patch does not say is said elsewhere, and not known here.
    stopGrace: grace ?? (isPart ? unsaid(uri, rangeless) : undefined),
    replicas: quantity(value(pod.replicas), count),
    kept: isPart
      ? undefined
      : items(child(at, "volumeMounts")).flatMap(
          (mount) => textOf(child(mount, "mountPath")) ?? [],
        ),
    scope: pod.scope,
  });
}

function envFrom(at: Cursor): Link[] {
  return items(child(at, "envFrom")).flatMap((source): Link[] => {
    const prefix = textOf(child(source, "prefix")) ?? "";
    const one = (key: string, object: "config-map" | "secret"): Link[] => {
      const name = child(source, key, "name");
      const text = textOf(name);
      if (text === undefined) return [];
      return [{ kind: "object", object, name: text, prefix, span: spanOf(at.file, name.node) }];
    };
    return [...one("configMapRef", "config-map"), ...one("secretRef", "secret")];
  });
}

/** `$(NAME)` is another variable, whose value is not known here; `$$` is one dollar. */
function dollars(value: Value): Value {
  const { text } = value;
  if (!/\$[($]/.test(text)) return { ...value, write: (next) => value.write(escaped(next)) };
  const out = pieces();
  let certainty: "exact" | "opaque" = "exact";
  let at = 0;
  for (const match of text.matchAll(/\$\$|\$\([^)]*\)/g)) {
    out.same(text, at, match.index);
    const end = match.index + match[0].length;
    out.escape(match[0] === "$$" ? "$" : "", match.index, end);
    if (match[0] !== "$$") certainty = "opaque";
    at = end;
  }
  out.same(text, at, text.length);
  const span = { start: 0, end: text.length };
  const found = valueIn(value, out.decoded(span, certainty), { inline: escaped, whole: escaped });
  return { ...found, span: value.span, content: value.content };
}

const escaped = (chars: string) => chars.replace(/\$(?=[($])/g, "$$$$");
