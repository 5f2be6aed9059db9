import {
  explainPage,
  findSymbols,
  format,
  inlayHints,
  openDocument,
  outline,
  semanticTokens,
} from "@workloops/language-service";
import { describe, expect, test } from "vitest";
import { cursor, edited, underlined } from "./cursor.ts";

const compose = (value: string) =>
  `services:\n  w:\n    environment:\n      WORKER_WORKLOOPS: ${value} # why\n      OTHER:   "a   b"\n`;

describe("format", () => {
  test.each([
    [
      "a .env file",
      "file:///p/.env",
      "A=  1\nWORKER_WORKLOOPS='a:1   *:4'\n",
      "A=  1\nWORKER_WORKLOOPS='a:1 *:4'\n",
    ],
    ["compose", "file:///p/compose.yaml", compose('"a:1   *:4"'), compose('"a:1 *:4"')],
    [
      "a .workloops file keeps comments and lines",
      "file:///p/l.workloops",
      "# night\na:1    b:2   # two\n\n\n\n*:4",
      "# night\na:1 b:2 # two\n\n*:4\n",
    ],
    [
      "a broken group stays as it is",
      "file:///p/.env",
      "WORKER_WORKLOOPS='a:  *:4'\n",
      "WORKER_WORKLOOPS='a: *:4'\n",
    ],
    [
      "lines of a block scalar stay lines",
      "file:///p/compose.yaml",
      "services:\n  w:\n    environment:\n      WORKER_WORKLOOPS: |-\n        a:1   b:2\n        *:4\n",
      "services:\n  w:\n    environment:\n      WORKER_WORKLOOPS: |-\n        a:1 b:2\n        *:4\n",
    ],
    [
      "a variable's default is not ours",
      "file:///p/compose.yaml",
      compose('"${X:-a:1   *:4}"'),
      compose('"${X:-a:1   *:4}"'),
    ],
  ])("%s", (_, uri, before, after) => {
    const document = openDocument(uri, before);
    expect(edited(before, format(document))).toBe(after);
    expect(format(openDocument(uri, after))).toEqual([]);
  });
});

describe("outline and symbols", () => {
  const document = openDocument("file:///p/compose.yaml", compose('"fast_lane:1 manual>*:4"'));

  test("a configuration with its groups", () => {
    const [configuration] = outline(document);
    expect(configuration).toMatchObject({ name: "service w", detail: "fast_lane:1 manual>*:4" });
    expect(configuration?.children.map(({ name }) => name)).toEqual(["fast_lane:1", "manual>*:4"]);
    for (const { span, name } of configuration?.children ?? []) {
      expect(document.text.slice(span.start, span.end)).toBe(name);
    }
  });

  test.each([
    ["", ["service w", "fast_lane:1", "manual>*:4"]],
    ["man", ["manual>*:4"]],
    ["flane", ["fast_lane:1"]],
    ["WORKER", []],
  ])("a search for %j", (query, names) => {
    expect(findSymbols([document], query).map(({ name }) => name)).toEqual(names);
  });
});

describe("semantic tokens", () => {
  test("each word of a .workloops file", () => {
    const { text } = openDocument("file:///p/l.workloops", "# a\nfast_lane:1 manual>*:4 # b\n");
    const tokens = semanticTokens(openDocument("file:///p/l.workloops", text));
    expect(tokens.map(({ span, kind }) => [text.slice(span.start, span.end), kind])).toEqual([
      ["# a", "comment"],
      ["fast_lane", "type"],
      [":", "operator"],
      ["1", "number"],
      ["manual", "type"],
      [">", "operator"],
      ["*", "keyword"],
      [":", "operator"],
      ["4", "number"],
      ["# b", "comment"],
    ]);
  });

  test("none in a host, whose own provider would be beaten", () => {
    expect(semanticTokens(openDocument("file:///p/compose.yaml", compose('"a:1"')))).toEqual([]);
  });
});

describe("inlay hints", () => {
  const whole = (text: string) => ({ start: 0, end: text.length });

  test("stand behind the value, quotes included, and count slots and memory", () => {
    const text = compose('"fast_lane:1 manual>*:4"');
    const [hint] = inlayHints(openDocument("file:///p/compose.yaml", text), whole(text));
    expect(text.slice(0, hint?.offset)).toMatch(/manual>\*:4"$/);
    expect(hint?.label).toBe("= 5 slots, up to 2.7 GiB");
    expect(hint?.tooltip).toBe("5 slots of 500 MiB each, and 300 MiB for the worker itself.");
  });

  test("follow the settings", () => {
    const text = "WORKER_WORKLOOPS=*:1\n";
    const document = openDocument("file:///p/.env", text);
    const mebibyte = 1024 * 1024;
    const settings = { runMemory: 700 * mebibyte, overhead: 0 };
    expect(inlayHints(document, whole(text), settings)[0]?.label).toBe("= 1 slot, up to 700 MiB");
  });

  test("none for a broken value, and none outside of the asked range", () => {
    const broken = openDocument("file:///p/.env", "WORKER_WORKLOOPS=*:0\n");
    expect(inlayHints(broken, whole(broken.text))).toEqual([]);
    const far = openDocument("file:///p/.env", "A=1\nB=2\nWORKER_WORKLOOPS=*:1\n");
    expect(inlayHints(far, { start: 0, end: 3 })).toEqual([]);
  });
});

describe("the page that explains", () => {
  test("a good value", () => {
    const { document, offset } = cursor(
      "file:///p/.env",
      "WORKER_WORKLOOPS=fast_lane:1 man$0ual>*:4\n",
    );
    const page = explainPage(document, offset) ?? "";
    expect(page).toContain("| `fast_lane` | 1 | 0 | 5 |");
    expect(page).toContain("Runs at once: **5**");
    expect(page).toContain(
      "With `fast_lane:1 fast_lane>manual>*:4` the second one goes first too.",
    );
  });

  test("a broken value says why", () => {
    const { document, offset } = cursor("file:///p/.env", "WORKER_WORKLOOPS=man$0ual>*4\n");
    expect(explainPage(document, offset)).toContain("- **capacity-missing**:");
  });

  test("none where there are two and the cursor is in neither", () => {
    const text = "WORKER_WORKLOOPS=a:1\n$0\nWORKER_WORKLOOPS=b:1\n";
    const { document, offset } = cursor("file:///p/s.sh", text);
    expect(explainPage(document, offset)).toBeUndefined();
  });
});

test("underlined draws what a person sees", () => {
  expect(underlined("ab\ncd", [{ start: 3, end: 5 }])).toBe("cd\n^^");
});
