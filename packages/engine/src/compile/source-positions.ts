import type MagicString from "magic-string";
import type { OperationPlace } from "./top-level-operations.ts";

/**
 * The way from compiled code back to the user's source. Plain data: it is cached, and it takes
 * the place of a source map for `@openfn/runtime`, which reads `operations` of it and hands the
 * rest to `SourceMapConsumer` (child/source-map-consumer.ts).
 */
export interface SourcePositions {
  readonly source: string;
  /** For each compiled line its segments: compiled column, source line, source column, from 0. */
  readonly lines: readonly (readonly (readonly [number, number, number])[])[];
  /** One for each element of the array of operations; null where the job wrote it itself. */
  readonly operations: readonly (OperationPlace | null)[];
}

export function sourcePositions(
  source: string,
  edits: MagicString,
  operations: SourcePositions["operations"],
): SourcePositions {
  const { mappings } = edits.generateDecodedMap({ hires: "boundary" });
  const lines = mappings.map((segments) =>
    segments.flatMap((segment): [number, number, number][] =>
      segment.length === 1 ? [] : [[segment[0], segment[2], segment[3]]],
    ),
  );
  return { source, lines, operations };
}

/**
 * The place in the source of a place in compiled code; lines from 1, columns from 0. Text that
 * the compiler added belongs to what stands before it on the line; where that is nothing, there
 * is no place.
 */
export function originalPosition(
  { lines }: SourcePositions,
  line: number,
  column: number,
): { readonly line: number; readonly column: number } | undefined {
  const segment = lines[line - 1]?.findLast(([start]) => start <= column);
  if (segment === undefined) return undefined;
  return { line: segment[1] + 1, column: segment[2] + column - segment[0] };
}
