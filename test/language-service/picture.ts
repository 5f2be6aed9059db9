import {
  diagnose,
  openDocument,
  resolvePath,
  type Settings,
  type Workspace,
} from "@workloops/language-service";
import { expect } from "vitest";

/** One finding as a picture shows it: columns from 0, on the line above its carets. */
interface Mark {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly code: string;
}

const caretLine = /^([#~]?[ \t]*)(\^+) ([a-z][a-z-]*)$/;

/**
 * Takes a picture apart: the text of a file, and the lines of carets below the text that they
 * point at. A caret line may begin with `~`, so that a span in the first column can be drawn.
 */
export function readPicture(picture: string): { text: string; marks: Mark[] } {
  const lines: string[] = [];
  const marks: Mark[] = [];
  for (const line of picture.split("\n")) {
    const match = caretLine.exec(line.replace(/\r$/, ""));
    const [, before = "", carets = "", code = ""] = match ?? [];
    if (match === null) lines.push(line);
    else {
      const from = before === "~" ? 0 : before.length;
      marks.push({ line: lines.length - 1, from, to: from + carets.length, code });
    }
  }
  return { text: lines.join("\n"), marks };
}

/** A workspace that holds these files and nothing else. */
export function filesWorkspace(files: Readonly<Record<string, string>>): Workspace {
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/") + 1);
  return {
    read: async (uri) => files[uri],
    list: async (uri) => Object.keys(files).filter((path) => folderOf(path) === folderOf(uri)),
    resolve: resolvePath,
  };
}

/** Every finding of the files is where a picture has carets, and none is anywhere else. */
export async function expectPictures(
  pictures: Readonly<Record<string, string>>,
  settings: Settings = {},
): Promise<void> {
  const read = Object.entries(pictures).map(([path, picture]) => ({
    path,
    ...readPicture(picture),
  }));
  const workspace = filesWorkspace(Object.fromEntries(read.map(({ path, text }) => [path, text])));
  const found: string[] = [];
  for (const { path, text } of read) {
    const findings = await diagnose(openDocument(path, text), { workspace, settings });
    found.push(
      ...findings.map(
        ({ code, span, uri }) => `${uri} ${code}\n${drawn(text, span.start, span.end)}`,
      ),
    );
  }
  const wanted = read.flatMap(({ path, text, marks }) =>
    marks.map(({ line, from, to, code }) => {
      const start = text.split("\n").slice(0, line).join("\n").length + (line > 0 ? 1 : 0);
      return `${path} ${code}\n${drawn(text, start + from, start + to)}`;
    }),
  );
  expect(found.sort()).toEqual(wanted.sort());
}

/** The first line of a span with carets below it. */
function drawn(text: string, start: number, end: number): string {
  const begin = text.lastIndexOf("\n", start - 1) + 1;
  const feed = text.indexOf("\n", start);
  const stop = feed < 0 ? text.length : feed;
  const carets = "^".repeat(Math.max(1, Math.min(end, stop) - start));
  const line = text.slice(0, start).split("\n").length;
  return `${line}: ${text.slice(begin, stop)}\n${" ".repeat(String(line).length + 2 + start - begin)}${carets}`;
}

/** Settings in which the rules that nearly every short example breaks are silent, apart from the one under test. */
export function calm(...tested: readonly string[]): Settings {
  const noisy = [
    "stop-grace-short",
    "queue-unserved",
    "adaptors-not-kept",
    "journal-not-kept",
    "image-unpinned",
    "fast-lane-not-preferred",
  ];
  const off = noisy.filter((code) => !tested.includes(code)).map((code) => [code, "off"] as const);
  return { severities: Object.fromEntries(off) };
}
