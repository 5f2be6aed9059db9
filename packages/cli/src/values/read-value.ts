import { resolve } from "node:path";
import { type Diagnostic, fixes, frame, helpOf, parse, sourceValue } from "@workloops/parser";
import { readText } from "../files/read-file.ts";
import type { Io } from "../io.ts";

/** A value that a command was given, and what people call the place that it came from. */
export interface GivenValue {
  readonly text: string;
  readonly origin: string;
}

/** Reads `VALUE`, `@FILE` (a `.workloops` file) or `-` (such a file on standard input). */
export async function readValue(
  argument: string,
  io: Io,
): Promise<GivenValue | { readonly reason: string }> {
  if (argument === "-") return { text: sourceValue(await io.readStdin()), origin: "stdin" };
  if (!argument.startsWith("@")) return { text: argument, origin: "value" };
  const path = argument.slice(1);
  const read = readText(resolve(io.cwd, path));
  if ("reason" in read) return { reason: `${path} ${read.reason}` };
  return { text: sourceValue(read.text), origin: path };
}

/** A value without errors as its tree, or the code frames of its errors. */
export function treeOf({ text, origin }: GivenValue) {
  const { tree, diagnostics } = parse(text);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return { tree, diagnostics };
  return { frames: errors.map((problem) => framed({ text, origin }, problem)).join("\n\n") };
}

/** A problem of a value as people read it, with the fix that comes first. */
export function framed({ text, origin }: GivenValue, problem: Diagnostic): string {
  const [fix] = fixes(text, problem);
  return frame({ text, origin, ...problem, ...(fix === undefined ? {} : { help: helpOf(fix) }) });
}
