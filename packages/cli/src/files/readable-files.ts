import { mayHoldValue } from "@workloops/language-service";
import type { Io } from "../io.ts";
import { findFiles } from "./find-files.ts";
import type { Overlay } from "./overlay.ts";

/**
 * The files of the paths that a command may rewrite, with their texts as they are now. `text` is
 * undefined where a file is there and holds nothing for us; what cannot be read is said on `err`.
 */
export function* readableFiles(
  paths: readonly string[],
  files: Overlay,
  io: Io,
): Generator<{ readonly path: string; readonly text: string | undefined }> {
  for (const found of findFiles(paths, io.cwd)) {
    if ("reason" in found) {
      io.err(`skipped ${found.path}: it ${found.reason}\n`);
      continue;
    }
    const { path, named } = found;
    const now = named || mayHoldValue(path) ? files.read(path) : { text: undefined };
    if ("reason" in now && named) io.err(`skipped ${path}: it ${now.reason}\n`);
    yield { path, text: "reason" in now ? undefined : now.text };
  }
}
