import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { expectPictures } from "./picture.ts";

const root = join(import.meta.dirname, "../fixtures");
// The sample of `npm run demo`, and keys for tests of sockets, are no test of a host.
const others = new Set(["demo", "tls"]);
const folders = (path: string) =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() && !others.has(entry.name) ? entry.name : [],
  );

/** Projects as people keep them, with carets under everything that should be found and nothing else. */
describe.each(folders(root))("%s", (host) => {
  it.each(folders(join(root, host)))("%s", async (project) => {
    const folder = join(root, host, project);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const pictures = files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), readFileSync(path, "utf8")] as const;
    });
    await expectPictures(Object.fromEntries(pictures));
  });
});

it("every host has a clean project, one with a trap and one across files", () => {
  for (const host of folders(root)) {
    expect(folders(join(root, host)), host).toEqual(
      expect.arrayContaining(["across-files", "clean", "trap"]),
    );
  }
});
