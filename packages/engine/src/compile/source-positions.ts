import type MagicString from "magic-string";
import type { OperationPlace } from "./top-level-operations.ts";

/**
 * The way from compiled code back to the user's source. Plain data: it is cached, and it takes
 * the place of a source map for `@openfn/runtime`, which reads `operations` of it and hands the
 * rest to `SourceMapConsumer` (child/source-map-consumer.ts).
 */
export interface SourcePositions {
  readonly source: string;
  /** Where each line of the compiled code starts. */
  readonly lineStarts: readonly number[];
  /** Offset in the compiled code and in the source, of each piece that was kept, in order. */
  readonly pieces: readonly (readonly [compiled: number, source: number])[];
  /** One for each element of the array of operations; null where the job wrote it itself. */
  readonly operations: readonly (OperationPlace | null)[];
}

export function sourcePositions(
  source: string,
  edits: MagicString,
  operations: SourcePositions["operations"],
): SourcePositions {
  // The map's lines end at line feeds only; JavaScript's, and an error's, at more. Offsets agree.
  const code = edits.toString();
  const inCode = lineFeedStarts(code);
  const inSource = lineFeedStarts(source);
  const { mappings } = edits.generateDecodedMap({ hires: "boundary" });
  const pieces = mappings.flatMap((segments, line) =>
    segments.flatMap((segment): [number, number][] => {
      if (segment.length === 1) return [];
      const [column, , sourceLine, sourceColumn] = segment;
      return [[(inCode[line] ?? 0) + column, (inSource[sourceLine] ?? 0) + sourceColumn]];
    }),
  );
  return { source, lineStarts: lineStarts(code), pieces, operations };
}

/**
 * The offset in the source of a line (from 1) and column (from 0) of compiled code. Text that
 * the compiler added belongs to the piece before it; where there is none, there is no place.
 */
export function sourceOffset(
  { lineStarts: starts, pieces }: SourcePositions,
  line: number,
  column: number,
): number | undefined {
  const start = starts[line - 1];
  if (start === undefined) return undefined;
  const offset = start + column;
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.[0] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const piece = pieces[low - 1];
  return piece === undefined ? undefined : piece[1] + offset - piece[0];
}

/** Where the lines of a text start, as JavaScript ends them. */
export function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)].map((m) => m.index + m[0].length)];
}

function lineFeedStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map((m) => m.index + 1)];
}
