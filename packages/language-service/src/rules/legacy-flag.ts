import type { FileFix } from "../finding.ts";
import { type Given, isWorker } from "../process.ts";
import { foundAt, namePlace, type ProcessRule, type RuleContext } from "./host-rule.ts";

/** A value of the draft: chains with commas or arrows, and a count behind each. */
const draft = /^\s*[\w*]+(?:[>,][\w*]+)*:\d+(?:\s+[\w*]+(?:[>,][\w*]+)*:\d+)*\s*$/;

export const legacyFlag: ProcessRule = {
  code: "legacy-flag",
  severity: "error",
  summary: "The option has its name of the draft: `--queues` or `WORKER_QUEUES`.",
  why: `While the option was being designed it was called \`--queues\`, and \`WORKER_QUEUES\` in the environment; some help texts still print that. No released worker reads either. A worker accepts flags that it does not know in silence and serves \`manual>*:5\`, so that nothing fails and no lane exists.`,
  bad: {
    language: "shell-script",
    text: "pnpm start --workloops 'manual>*:2'\npnpm start --queues 'fast_lane:1 manual,*:4'",
  },
  good: { language: "shell-script", text: "pnpm start --workloops 'fast_lane:1 manual>*:4'" },
  data: { name: "the name as written", replacement: "the name that a worker reads" },
  fixes: [{ title: "Use the name that a worker reads", meaning: "changes" }],
  find: (process, context) =>
    process.given
      .filter((given) => given.option === "queues" && given.uri === context.uri)
      .filter((given) => isWorker(process) || draft.test(given.value?.text ?? ""))
      .map((given) => {
        const replacement = given.by === "flag" ? "--workloops" : "WORKER_WORKLOOPS";
        const message = `No released worker reads \`${given.name}\`: write \`${replacement}\`, with \`>\` between the queues.`;
        const data = { name: given.name, replacement };
        const fixes = fix(given, replacement, context);
        return foundAt(namePlace(given, context), message, { data, fixes });
      }),
};

function fix(given: Given, replacement: string, context: RuleContext): FileFix[] {
  const { uri, span } = namePlace(given, context);
  if (span === given.span) return [];
  const { value } = given;
  const title = `Write \`${replacement}\``;
  const name = { span, text: replacement };
  if (value === undefined || value.certainty === "opaque" || !value.text.includes(",")) {
    return [{ title, meaning: "changes", uri, edits: [name] }];
  }
  const written = value.write(value.text.replaceAll(",", ">"));
  if (written === undefined) return [];
  return [{ title, meaning: "changes", uri, edits: [name, written] }];
}
