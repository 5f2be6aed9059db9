import type { Configuration, Group } from "./ast.ts";
import { chainText } from "./chain-text.ts";
import { parse } from "./parse.ts";

/** The canonical text of a tree: groups separated by one space. A broken group is printed as it was written. */
export function print(tree: Configuration): string {
  return tree.groups.map(printGroup).join(" ");
}

export function printGroup(group: Group): string {
  return group.written ?? `${chainText(group.chain)}:${group.capacity?.text ?? ""}`;
}

/**
 * A value in canonical text. Its meaning stays: only white space between groups changes. A
 * value beyond a limit is given back as it is, since not all of it was read.
 */
export function format(text: string): string {
  const { tree, diagnostics } = parse(text);
  const readWhole = diagnostics.every(
    ({ code, data }) => code !== "too-large" || ("what" in data && data.what === "queues"),
  );
  return readWhole ? print(tree) : text;
}
