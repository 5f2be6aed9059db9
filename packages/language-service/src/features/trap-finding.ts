import type { Finding } from "../finding.ts";
import type { Trap } from "../hosts/host.ts";
import { trapRules } from "../rules/rules.ts";

/** A trap as a finding: the host says what its reader makes of the text, the rule what to do. */
export function trapFinding(uri: string, trap: Trap): Finding {
  const { severity, advice, fixes } = trapRules[trap.code];
  const { code, span, reads, fix } = trap;
  const meaning = fixes[0]?.meaning ?? "changes";
  return {
    code,
    severity,
    message: `${sentence(reads)}: ${advice}.`,
    uri,
    span,
    related: [],
    data: { reads },
    fixes: fix === undefined ? [] : [{ ...fix, meaning, uri }],
  };
}

/** Names keep their spelling at the start of a sentence. */
function sentence(text: string): string {
  return /^systemd\b/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
