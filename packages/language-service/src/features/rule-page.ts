import { pageOf, rules } from "@workloops/parser";
import { hostPageOf } from "../rules/host-page.ts";

/** The page of any rule, as Markdown; undefined for a code that no rule has. */
export async function rulePageOf(code: string): Promise<string | undefined> {
  const own = rules.find((rule) => rule.code === code);
  return own === undefined ? hostPageOf(code) : pageOf(own.code);
}
