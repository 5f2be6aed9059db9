import { type Options, type Program, parse } from "acorn";
import type { CompileProblem } from "./compile-problem.ts";

/** Larger than any job that a person writes, small enough to be parsed in a fraction of a second. */
const maxSourceCharacters = 1_000_000;

const options: Options = {
  ecmaVersion: "latest",
  sourceType: "module",
  allowHashBang: true,
  locations: true,
};

/** The tree of a job's source, or why there is none. */
export function parseJob(
  source: string,
): { readonly program: Program } | { readonly problem: CompileProblem } {
  if (source.length > maxSourceCharacters) {
    const message = `The job is ${source.length} characters long; at most ${maxSourceCharacters} are compiled. Split it into several steps.`;
    return { problem: { message, line: 1, column: 0 } };
  }
  try {
    return { program: parse(source, options) };
  } catch (error) {
    return { problem: parseProblem(error) };
  }
}

function parseProblem(error: unknown): CompileProblem {
  const { line, column } = (error as { loc?: { line: number; column: number } }).loc ?? {
    line: 1,
    column: 0,
  };
  const text = (error as Error).message;
  if (error instanceof RangeError || text.startsWith("Not enough stack space"))
    return nestedTooDeeply(line, column);
  if (!(error instanceof SyntaxError)) throw error;
  return { message: text.replace(/ \(\d+:\d+\)$/, ""), line, column };
}

/** A job that no call stack is deep enough for. */
export function nestedTooDeeply(line: number, column: number): CompileProblem {
  const message =
    "The job is nested too deeply to be compiled. Put inner parts into variables or functions.";
  return { message, line, column };
}
