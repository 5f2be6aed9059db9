import { check, type Group, type Queue, queueText, type Span, textRules } from "@workloops/parser";
import { type Document, regionAt } from "../document.ts";
import { parseOnce } from "../parse-once.ts";
import { fromFile, type Region, toFile } from "../region.ts";
import { type Lane, lanesServing } from "./lanes.ts";
import { queueOrigin } from "./queue-origin.ts";
import { bytesText, runMemoryOf, slotsIn } from "./slots.ts";

export interface Hover {
  /** In the file. */
  readonly span: Span;
  /** Paragraphs of Markdown that read well as plain text too. */
  readonly paragraphs: readonly string[];
}

export interface HoverContext {
  /** The lanes of the workspace, for "who serves it". */
  readonly lanes: readonly Lane[];
  /** Names of queues known beside the server's own. */
  readonly queues?: readonly string[];
  /** Bytes that one run may take where the process is not told. */
  readonly runMemory?: number;
}

/** What stands at an offset: a queue, a number, a group, or the whole value. */
export function hover(
  document: Document,
  offset: number,
  context: HoverContext,
): Hover | undefined {
  const region = regionAt(document, offset);
  const at = region && fromFile(region, offset);
  if (region === undefined || at === undefined) return undefined;
  const { tree, diagnostics } = parseOnce(region.text);
  const within = ({ start, end }: Span) => at >= start && at <= end;
  const group = tree.groups.find(({ span }) => within(span));
  const problems = [...diagnostics, ...check(tree, context)].filter(({ span }) => within(span));
  // The words of the rule's page: what is wrong, and why it matters.
  const rules = problems.flatMap(({ code }) => {
    const { summary, why } = textRules[code];
    return [`**${code}**: ${summary}`, why];
  });
  const found =
    group === undefined ? whole(region, context) : inGroup(region, group, within, context);
  return {
    span: toFile(region, found.span),
    paragraphs: [...found.paragraphs, ...rules, ...received(document, region)],
  };
}

function inGroup(
  region: Region,
  group: Group,
  within: (span: Span) => boolean,
  context: HoverContext,
): Hover {
  const queue = group.chain.queues.find(({ span }) => within(span));
  if (queue !== undefined)
    return { span: queue.span, paragraphs: aboutQueue(queue, group, context) };
  const { capacity } = group;
  if (capacity?.value !== undefined && within(capacity.span)) {
    const memory = bytesText(capacity.value * runMemoryOf(region.process, context.runMemory));
    const paragraphs = [
      `**${count(capacity.value)}** of ${count(slotsIn(region.text))} in this configuration. Together they may take ${memory}.`,
    ];
    return { span: capacity.span, paragraphs };
  }
  return { span: group.span, paragraphs: aboutGroup(group) };
}

function whole(region: Region, context: HoverContext): Hover {
  const slots = slotsIn(region.text);
  const memory =
    slots === undefined ? undefined : slots * runMemoryOf(region.process, context.runMemory);
  const paragraphs = [
    slots === undefined
      ? `The configuration of ${region.process.name}. It cannot be run as it stands.`
      : `The configuration of ${region.process.name}: ${count(slots)} in all, and up to ${bytesText(memory ?? 0)} for their runs.`,
  ];
  return { span: { start: 0, end: region.text.length }, paragraphs };
}

function aboutQueue(queue: Queue, group: Group, context: HoverContext): string[] {
  const name = queueText(queue);
  if (queue.kind === "wildcard") {
    const before = group.chain.queues.length > 1 ? " once the queues before it are empty" : "";
    return [`**\`*\`**: any queue${before}, the oldest run first.`];
  }
  const position = group.chain.queues.indexOf(queue);
  const strict = !group.chain.queues.some(({ kind }) => kind === "wildcard");
  const place = strict
    ? `This group takes runs of ${list(group.chain.queues.map(queueText))} only.`
    : position === 0
      ? "This group prefers its runs to all others."
      : `This group takes its runs after those of ${list(group.chain.queues.slice(0, position).map(queueText))}.`;
  return [
    `**\`${name}\`**: ${queueOrigin(name, context.queues ?? [])}`,
    place,
    servedBy(name, context.lanes),
  ];
}

function servedBy(name: string, lanes: readonly Lane[]): string {
  const serving = lanesServing(lanes, name);
  if (serving.length === 0) return "No worker of this workspace serves it.";
  // A hover that is longer than a screen is not read.
  const shown = serving.slice(0, 8).map(({ process, uri, queues, capacity }) => {
    const file = decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
    const place = process === file ? file : `${process} in ${file}`;
    return `- ${place}: \`${queues.join(">")}:${capacity ?? "?"}\``;
  });
  const rest = serving.length > shown.length ? [`- and ${serving.length - shown.length} more`] : [];
  return ["Served by", ...shown, ...rest].join("\n");
}

function aboutGroup(group: Group): string[] {
  const names = group.chain.queues.map(queueText);
  const capacity = group.capacity?.value;
  if (group.broken || capacity === undefined)
    return ["This group is broken: no worker starts with it."];
  if (!names.includes("*")) {
    return [
      `A strict lane: up to ${count(capacity)} for runs of ${list(names)}, and for no others.`,
    ];
  }
  const named = names.filter((name) => name !== "*");
  const order = named.length === 0 ? "the oldest first" : `${list(named)} first`;
  return [`A lane for any queue: up to ${count(capacity)}, ${order}.`];
}

/** The value as the process receives it, where the file writes it in other characters. */
function received(document: Document, region: Region): string[] {
  if (document.text.slice(region.content.start, region.content.end) === region.text) return [];
  const text = region.text.replace(/\s+/g, " ").trim();
  // Behind a fence nothing of the value is taken for Markdown.
  return text === "" || text.length > 1000
    ? []
    : [`The process receives\n\`\`\`workloops\n${text}\n\`\`\``];
}

function count(slots: number | undefined): string {
  if (slots === undefined) return "an unknown number of slots";
  return slots === 1 ? "1 slot" : `${slots} slots`;
}

function list(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  if (quoted.length < 2) return quoted.join("");
  return `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
