import type {
  Diagnostic,
  Finding,
  ProcessCode,
  ProcessDiagnostic,
  ProcessFinding,
  Severity,
  TextCode,
} from "./diagnostic.ts";
import { messageOf } from "./messages.ts";

interface Named<C> {
  readonly code: C;
  readonly severity: Severity;
}

/** A finding of a rule with its sentence. */
export function tell<C extends TextCode>(rule: Named<C>, finding: Finding<C>): Diagnostic {
  const { code, severity } = rule;
  // That code and data belong together is said by C; the compiler cannot follow it into a union.
  return { code, severity, message: messageOf(code, finding.data), ...finding } as Diagnostic;
}

/** The same for what a process is given. */
export function tellProcess<C extends ProcessCode>(
  rule: Named<C>,
  finding: ProcessFinding<C>,
): ProcessDiagnostic {
  const { code, severity } = rule;
  return {
    code,
    severity,
    message: messageOf(code, finding.data),
    ...finding,
  } as ProcessDiagnostic;
}
