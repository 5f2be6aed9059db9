import type { Group, ParseResult, Span } from "@workloops/parser";

/** What is wrong with the places in a parse result, or `undefined`: spans are exact, inside each other, and not empty where there is text. */
export function faultOf(text: string, { tree, diagnostics }: ParseResult): string | undefined {
  const slice = ({ start, end }: Span) => text.slice(start, end);
  if (tree.span.start !== 0 || tree.span.end !== text.length) return "the tree is not the text";
  for (const { code, span } of diagnostics) {
    const inside = 0 <= span.start && span.start <= span.end && span.end <= text.length;
    if (!inside) return `${code} is outside of the text`;
    if (text !== "" && span.start === span.end) return `${code} points at nothing`;
  }
  let end = 0;
  let between = "";
  for (const group of tree.groups) {
    between += text.slice(end, group.span.start);
    end = group.span.end;
    if (/\s/.test(slice(group.span)) || slice(group.span) === "") return "a group is no word";
    const fault = faultOfGroup(group, slice);
    if (fault !== undefined) return fault;
  }
  between += text.slice(end);
  return /\S/.test(between) ? `${JSON.stringify(between)} is in no group` : undefined;
}

function faultOfGroup(group: Group, slice: (span: Span) => string): string | undefined {
  const { span, chain, capacity } = group;
  if (group.broken !== (group.written !== undefined)) return "written without being broken";
  if (group.written !== undefined && group.written !== slice(span)) return "written otherwise";
  let at = span.start;
  for (const queue of chain.queues) {
    if (queue.span.start < at || queue.span.end > span.end) return "a queue is out of place";
    at = queue.span.end;
    if (slice(queue.span) !== (queue.kind === "queue" ? queue.name : "*")) return "a queue's text";
  }
  if (chain.span.start < span.start || chain.span.end > span.end) return "the chain's place";
  if (capacity === undefined) return group.broken ? undefined : "no capacity, and not broken";
  if (capacity.span.start < at || capacity.span.end > span.end) return "the capacity's place";
  return slice(capacity.span) === capacity.text ? undefined : "the capacity's text";
}
