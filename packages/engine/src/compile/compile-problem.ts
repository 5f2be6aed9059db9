/** Why a job cannot be compiled, and where in the user's source. */
export interface CompileProblem {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  /** From 0, in UTF-16 units, as OpenFn's compiler counts. */
  readonly column: number;
}

/** A problem at the start of `node`. */
export function problemAt(
  node: { readonly loc?: { readonly start: { line: number; column: number } } | null },
  message: string,
): CompileProblem {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { message, line, column };
}

/** One line for a person: the job, the sentence and the position. */
export function describeProblem(job: string, problem: CompileProblem): string {
  return `${job}: ${problem.message} (${problem.line}:${problem.column})`;
}
