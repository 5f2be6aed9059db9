/** A fenced block of a page. `line` is that of its opening fence, from 1. */
export interface Block {
  readonly language: string;
  /** The words behind the language. */
  readonly marks: readonly string[];
  readonly text: string;
  readonly line: number;
}

/** Why a shell block is not executed by `npm test`, by its mark. Each page says the same in words. */
export const reasons: Readonly<Record<string, string>> = {
  "needs-docker": "a Docker engine is needed",
  "needs-cluster": "a Kubernetes cluster is needed",
  "needs-systemd": "systemd as the first process is needed",
  "needs-editor": "an editor's own command is needed; test/e2e/editor runs the editors",
  "needs-lightning": "a Lightning server is needed",
  "needs-database": "Lightning's database is needed",
  "needs-registry": "the package registry is needed",
  newcomer: "test/e2e/newcomer.mjs runs it in a clone, and compares what it prints",
};

/** The fenced blocks of a Markdown page, in order. */
export function blocks(page: string): Block[] {
  const found: Block[] = [];
  let open:
    | { fence: string; indent: string; info: string; line: number; body: string[] }
    | undefined;
  for (const [index, line] of page.split("\n").entries()) {
    const fence = /^(\s*)(`{3,})(.*)$/.exec(line);
    if (open === undefined) {
      if (fence === null) continue;
      open = {
        indent: fence[1] ?? "",
        fence: fence[2] ?? "",
        info: (fence[3] ?? "").trim(),
        line: index + 1,
        body: [],
      };
    } else if (fence !== null && fence[2] === open.fence && fence[3] === "") {
      const [language = "", ...marks] = open.info.split(/\s+/);
      found.push({ language, marks, text: open.body.join("\n"), line: open.line });
      open = undefined;
    } else {
      open.body.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    }
  }
  return found;
}

/** What differs from run to run is taken out: colours, times, sizes, widths of columns, ports. */
function steady(output: string): string[] {
  return output
    .replace(/\u001b\[[0-9;]*m/g, "")
    .replace(/\d+(?:[.,]\d+)*\s?(ms|µs|ns|s|min|KB|MB|MiB|KiB|kB)\b/g, "# $1")
    .replace(/(127\.0\.0\.1|localhost):\d+/g, "$1:#")
    .replace(/[─-╿]+/g, "-")
    .split("\n")
    .map((line) => line.trim().replace(/\s+/g, " "))
    .filter((line) => line !== "");
}

/** The first line of `shown` that `printed` does not have in its place, or `undefined`. */
export function firstDifference(shown: string, printed: string): string | undefined {
  const actual = steady(printed);
  let at = 0;
  let anywhere = false;
  for (const line of steady(shown)) {
    if (line === "…") {
      anywhere = true;
      continue;
    }
    const found = anywhere ? actual.indexOf(line, at) : actual[at] === line ? at : -1;
    if (found < 0) return line;
    at = found + 1;
    anywhere = false;
  }
  return anywhere || at === actual.length
    ? undefined
    : `(nothing more), but it printed: ${actual[at]}`;
}
