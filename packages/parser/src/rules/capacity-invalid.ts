import type { CapacityFault } from "../diagnostic.ts";
import type { GroupRule } from "../rule.ts";
import { groupText } from "./group-text.ts";

export const capacityInvalid: GroupRule<"capacity-invalid"> = {
  code: "capacity-invalid",
  severity: "error",
  summary: "What stands behind the colon is no capacity from 1 to 10,000.",
  why: `A capacity is a whole number, written with the digits 0 to 9 and without a leading zero. A sign, a fraction or an exponent is refused even where its number would be whole, because programs that read the value disagree about it: OpenFn's worker takes \`1e+21\`, counts it as 1 in one place and dies of it in another. Zero would be a group that never claims. Above 10,000 no worker has that many processes.`,
  bad: { language: "workloops", text: "manual>*:05" },
  good: { language: "workloops", text: "manual>*:5" },
  data: {
    text: "the text behind the last colon",
    fault:
      "`absent`, `zero`, `sign`, `fraction`, `exponent`, `leading-zero`, `above-limit` or `not-digits`",
    limit: "the highest capacity, in runs",
  },
  fixes: [
    {
      title: "Write the number without its leading zeros",
      meaning: "keeps",
      edits: (_, { data, span }) => {
        const digits = data.text.replace(/^0+/, "");
        const mends =
          data.fault === "leading-zero" && Number(digits) <= data.limit && digits !== "";
        return mends ? [{ span, text: digits }] : [];
      },
    },
  ],
  find: (text, group, limits) => {
    const { count } = groupText(text, group);
    if (count === undefined) return undefined;
    const fault = capacityFault(count.text, limits.capacityRuns);
    if (fault === undefined) return undefined;
    const span = count.text === "" ? { start: count.colon, end: count.span.end } : count.span;
    return { span, data: { text: count.text, fault, limit: limits.capacityRuns } };
  },
};

function capacityFault(text: string, limit: number): CapacityFault | undefined {
  if (text === "") return "absent";
  if (text === "0") return "zero";
  if (/^[+-]/.test(text)) return "sign";
  if (/^[0-9]+$/.test(text)) {
    if (text.startsWith("0")) return "leading-zero";
    return Number(text) > limit ? "above-limit" : undefined;
  }
  if (/^[0-9]*\.[0-9]*$/.test(text) && text !== ".") return "fraction";
  if (/^[0-9]*\.?[0-9]*e[+-]?[0-9]+$/i.test(text)) return "exponent";
  return "not-digits";
}
