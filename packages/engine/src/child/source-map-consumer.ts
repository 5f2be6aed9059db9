import { lineStarts, type SourcePositions, sourceOffset } from "../compile/source-positions.ts";

type NamedPositions = SourcePositions & { readonly file?: string };

/**
 * Stands in for the npm package `source-map` in the child's bundle (see scripts/bundle.mjs):
 * `@openfn/runtime` asks it for the source of a position, and the package would read a
 * WebAssembly file that a bundle does not have. It takes our `SourcePositions`.
 */
export class SourceMapConsumer {
  private readonly positions: NamedPositions;
  private readonly starts: readonly number[];

  constructor(positions: NamedPositions) {
    this.positions = positions;
    this.starts = lineStarts(positions.source);
  }

  /**
   * Asked and answered with columns from 1, as V8 counts them. An error at a character that a
   * blank follows is told one column earlier: so do OpenFn's maps, and users compare.
   */
  originalPositionFor(place: { readonly line: number; readonly column: number }): {
    readonly line: number | null;
    readonly column: number | null;
  } {
    const offset = sourceOffset(this.positions, place.line, place.column - 1);
    if (offset === undefined) return { line: null, column: null };
    const line = this.starts.findLastIndex((start) => start <= offset);
    const start = this.starts[line] ?? 0;
    let told = offset + 1;
    while (told > start && /\s|^$/.test(this.positions.source.charAt(told))) told -= 1;
    return { line: line + 1, column: told - start };
  }

  /** Lines end in line feeds: the runtime splits there. */
  sourceContentFor(file: string): string | null {
    const { source } = this.positions;
    return file === this.positions.file ? source.replace(/\r\n|[\r\u2028\u2029]/g, "\n") : null;
  }
}
