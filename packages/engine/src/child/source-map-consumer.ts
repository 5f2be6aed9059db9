import { originalPosition, type SourcePositions } from "../compile/source-positions.ts";

/**
 * Stands in for the npm package `source-map` in the child's bundle (see scripts/bundle.mjs):
 * `@openfn/runtime` asks it for the source of a position, and the package would read a
 * WebAssembly file that a bundle does not have. It takes our `SourcePositions`.
 */
export class SourceMapConsumer {
  private readonly positions: SourcePositions & { readonly file?: string };

  constructor(positions: SourcePositions & { readonly file?: string }) {
    this.positions = positions;
  }

  /** The runtime asks and is answered with columns from 1, as V8 counts them. */
  originalPositionFor(place: { readonly line: number; readonly column: number }): {
    readonly line: number | null;
    readonly column: number | null;
  } {
    const found = originalPosition(this.positions, place.line, place.column - 1);
    return found === undefined
      ? { line: null, column: null }
      : { line: found.line, column: found.column + 1 };
  }

  sourceContentFor(file: string): string | null {
    return file === this.positions.file ? this.positions.source : null;
  }
}
