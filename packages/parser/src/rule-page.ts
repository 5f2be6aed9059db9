import { check } from "./check.ts";
import { checkProcess } from "./check-process.ts";
import type { Code } from "./diagnostic.ts";
import { fixes } from "./fixes.ts";
import { frame } from "./frame.ts";
import { parse } from "./parse.ts";
import type { ProcessGiven } from "./process.ts";
import type { Example, Fix, Meaning, RuleText } from "./rule.ts";
import { processRules, rules } from "./rules/rules.ts";

const severityWords = { error: "Error", warning: "Warning", hint: "Hint" } as const;
const meaningWords: Readonly<Record<Meaning, string>> = {
  keeps: "keeps the meaning",
  changes: "changes the meaning",
};

/**
 * A rule as Markdown: the page of `docs/rules`, the text of hover and of `workloops explain CODE`.
 * `output` is what the tool prints for the bad example, made by running it.
 */
export function rulePage(rule: RuleText, output: string): string {
  const parts = [
    `# ${rule.code}`,
    `**${severityWords[rule.severity]}.** ${rule.summary}`,
    rule.why,
    "## Example",
    fenced(rule.bad),
    "gives",
    fenced({ language: "text", text: output }),
    "Write instead:",
    fenced(rule.good),
  ];
  if (rule.fixes.length > 0) {
    const items = rule.fixes.map(({ title, meaning }) => `- ${title} (${meaningWords[meaning]}).`);
    parts.push("## Fixes", items.join("\n"));
  }
  const fields = Object.entries(rule.data);
  if (fields.length > 0) {
    const items = fields.map(([name, text]) => `- \`${name}\`: ${text}.`);
    parts.push("## Data", items.join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

/** A fence longer than any run of backticks in the text. A value names the codes that it gives, which the tests of the pages compare. */
function fenced({ language, text }: Example): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const codes = language === "workloops" ? codesOf(text) : [];
  return [[fence + language, ...codes].join(" "), ...(text === "" ? [] : [text]), fence].join("\n");
}

function codesOf(text: string): readonly string[] {
  const { tree, diagnostics } = parse(text);
  return [...new Set([...diagnostics, ...check(tree)].map(({ code }) => code))].sort();
}

/** The table of rules that stands in the list of pages. */
export function ruleTable(all: readonly RuleText[]): string {
  const rows = all.map(({ code, severity, summary }) => {
    return `| [${code}](${code}.md) | ${severity} | ${summary} |`;
  });
  return ["| rule | severity | what it finds |", "|---|---|---|", ...rows].join("\n");
}

/** The page of a rule of the language, with the real output for its bad example. */
export function pageOf(code: Code): string {
  const rule = rules.find((candidate) => candidate.code === code);
  if (rule === undefined) throw new Error(`There is no rule ${code}.`);
  return rulePage(rule, outputOf(rule));
}

/** What is printed for the bad example of a rule: its own problem, whatever else the example has. */
function outputOf({ code, bad: { text } }: RuleText<Code>): string {
  if (code in processRules) return processOutput(code as keyof typeof processRules);
  const { tree, diagnostics } = parse(text);
  const all = [...diagnostics, ...check(tree)].filter((problem) => problem.code === code);
  return all
    .map((problem) => {
      const [fix] = fixes(text, problem);
      const help = fix === undefined ? {} : { help: helpOf(fix) };
      return frame({ text, origin: "WORKER_WORKLOOPS", ...problem, ...help });
    })
    .join("\n");
}

/** A fix as one line of a code frame. */
export function helpOf({ title, meaning }: Pick<Fix, "title" | "meaning">): string {
  return `fix: ${title} (${meaningWords[meaning]})`;
}

function processOutput(code: keyof typeof processRules): string {
  const absent = { state: "absent" } as const;
  const nothing: ProcessGiven = {
    workloops: absent,
    capacity: absent,
    runMemory: absent,
    memoryLimit: absent,
    runDuration: absent,
    stopGrace: absent,
  };
  return checkProcess({ ...nothing, ...processRules[code].bad.given })
    .filter((problem) => problem.code === code)
    .map(({ severity, message }) => `${severity}[${code}]: ${message}`)
    .join("\n");
}
