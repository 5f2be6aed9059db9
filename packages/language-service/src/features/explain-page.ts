import { type Explanation, explain, type Wait } from "@workloops/parser";
import { type Document, regionAt } from "../document.ts";
import { parseOnce } from "../parse-once.ts";
import { bytesText, runMemoryOf } from "./slots.ts";

export interface ExplainSettings {
  /** Names of queues known beside the server's own. */
  readonly queues?: readonly string[];
  /** Bytes that one run may take where the process is not told. */
  readonly runMemory?: number;
  readonly overhead?: number;
}

/** A page of Markdown about the configuration at an offset; undefined where there is none. */
export function explainPage(
  document: Document,
  offset: number,
  settings: ExplainSettings = {},
): string | undefined {
  const region = regionAt(document, offset) ?? onlyRegion(document);
  if (region === undefined) return undefined;
  const { tree, diagnostics } = parseOnce(region.text);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const head = `# ${region.process.name}`;
  if (errors.length > 0) {
    const list = errors.map(({ code, message }) => `- **${code}**: ${message}`);
    return [head, "A worker does not start with this value:", list.join("\n"), ""].join("\n\n");
  }
  const explanation = explain(tree, settings);
  const runMemory = runMemoryOf(region.process, settings.runMemory);
  const runs = bytesText(explanation.capacity * runMemory);
  return [
    head,
    fenced("workloops", explanation.value),
    explanation.groups
      .map(({ chain, capacity, words }) => `- \`${chain}:${capacity}\`: ${words}.`)
      .join("\n"),
    table(explanation),
    fastLaneText(explanation),
    `Runs at once: **${explanation.capacity}**. Memory for them: up to **${runs}**, ${bytesText(runMemory)} each.`,
    "What the worker tells the server when it joins:",
    fenced("json", JSON.stringify(explanation.join, undefined, 2)),
    "",
  ].join("\n\n");
}

/** With one configuration in the file, the cursor need not be in it. */
function onlyRegion({ regions }: Document) {
  return regions.length === 1 ? regions[0] : undefined;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function table({ queues }: Explanation): string {
  const rows = queues.map(
    ({ queue, guaranteed, preferred, possible }) =>
      `| \`${queue}\` | ${guaranteed} | ${preferred} | ${possible} |`,
  );
  return [
    "| queue | slots of its own | slots that prefer it | slots at most |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function fastLaneText({ fastLane, mended, unserved }: Explanation): string {
  const names = ["first", "second", "third"];
  const waits = fastLane.map((wait, i) => `- the ${names[i]}: ${waitText(wait)}`);
  const lines = ["Fast-lane runs that arrive at one moment while all else is busy:", "", ...waits];
  if (mended !== undefined) lines.push("", `With \`${mended}\` the second one goes first too.`);
  if (unserved.length > 0)
    lines.push(
      "",
      `Nobody here takes runs of ${unserved.map((name) => `\`${name}\``).join(", ")}.`,
    );
  return lines.join("\n");
}

function waitText(wait: Wait): string {
  switch (wait.for) {
    case "nothing":
      return "starts at once.";
    case "next-slot":
      return wait.behind.length === 0
        ? `takes the next of ${wait.slots} shared slots.`
        : `takes the next of ${wait.slots} shared slots that no run of ${wait.behind.join(", ")} wants.`;
    case "by-age":
      return `waits by age with every other queue for one of ${wait.slots} slots${wait.behind.length > 0 ? `, behind ${wait.behind.join(", ")}` : ""}.`;
    case "strict-slot":
      return `waits for one of ${wait.slots} slots kept for ${wait.with.join(", ")}.`;
    case "ever":
      return "is never taken.";
  }
}
