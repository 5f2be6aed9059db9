import { complete, openDocument } from "@workloops/language-service";
import { accepts, automaton, classOf, type State, step } from "@workloops/parser";
import { describe, expect, test } from "vitest";
import { cursor, edited } from "./cursor.ts";

const labels = (uri: string, picture: string, context = {}) => {
  const { document, offset } = cursor(uri, picture);
  return complete(document, offset, context).map(({ label }) => label);
};
const file = "file:///p/lanes.workloops";
const queues = ["fast_lane", "manual", "default"];
const colons = [":1", ":2", ":4", ":5", ":10"];
const numbers = ["1", "2", "4", "5", "10"];

describe("what is offered", () => {
  test.each([
    ["at the start", "$0", [...queues, "*"]],
    ["in a word, which gives way", "man$0ual", [...queues, "*"]],
    ["behind a word, which may be finished", "manual$0", [...queues, "*", ">", ">*", ...colons]],
    ["behind a word before a capacity", "manual$0:4", [...queues, "*", ">*"]],
    ["behind a queue and an arrow", "manual>$0", [...queues, "*"]],
    ["behind a wildcard", "manual>*$0", colons],
    ["behind a colon", "manual>*:$0", numbers],
    ["behind a finished group", "manual:1 $0", [...queues, "*"]],
    ["between an arrow and a capacity", "manual>$0:4", [...queues, "*"]],
    ["in a queue before its capacity", "m$0a:4", [...queues, "*"]],
    ["in a comment", "manual:1 # man$0", []],
    ["behind a broken beginning", "ma-$0", []],
  ])("%s: %s", (_, picture, expected) => {
    const offered = labels(file, picture);
    expect(offered).toEqual(expected);
  });

  test("queues of the settings and of other files come after the server's own", () => {
    const offered = labels(file, "$0", { queues: ["reports"], used: ["manual", "night"] });
    expect(offered).toEqual([...queues, "reports", "night", "*"]);
  });
});

describe("what is written", () => {
  test.each([
    [
      "a .env file",
      "file:///p/.env",
      "WORKER_WORKLOOPS=man$0",
      "manual",
      "WORKER_WORKLOOPS=manual",
    ],
    [
      "an unquoted shell word, which an arrow would redirect",
      "file:///p/s.sh",
      "export WORKER_WORKLOOPS=manual$0\n",
      ">*",
      "export WORKER_WORKLOOPS='manual>*'\n",
    ],
    [
      "a plain YAML scalar that would become an alias",
      "file:///p/compose.yaml",
      "services:\n  w:\n    environment:\n      WORKER_WORKLOOPS: m$0\n",
      "*",
      'services:\n  w:\n    environment:\n      WORKER_WORKLOOPS: "*"\n',
    ],
  ])("%s", (_, uri, picture, label, expected) => {
    const { document, offset } = cursor(uri, picture);
    const item = complete(document, offset).find((one) => one.label === label);
    if (item === undefined) throw new Error(`${label} is not offered.`);
    expect(edited(document.text, [item])).toBe(expected);
    // Editors hide an item whose filter does not begin with the text that it replaces.
    const typed = document.text.slice(item.span.start, offset);
    if (label.startsWith(typed)) expect(item.filter.startsWith(typed)).toBe(true);
    expect(item.span.start <= offset && offset <= item.span.end).toBe(true);
  });
});

/** Whether a text is the beginning of some valid configuration. */
function begins(text: string): boolean {
  let state: State | undefined = automaton.start;
  for (const character of text) {
    state = step(state, classOf(character));
    if (state === undefined) return false;
  }
  return true;
}

/** Every text of up to `length` characters. */
function* texts(length: number): Generator<string> {
  yield "";
  if (length === 0) return;
  for (const rest of texts(length - 1)) for (const c of "a1>:* -") yield c + rest;
}

test("over all short texts and cursors: never a token that could not stand there", () => {
  const seen = new Set<string>();
  let offered = 0;
  for (const text of texts(4)) {
    if (seen.has(text)) continue;
    seen.add(text);
    const document = openDocument(file, text);
    for (let offset = 0; offset <= text.length; offset += 1) {
      for (const item of complete(document, offset)) {
        offered += 1;
        const after = edited(text, [item]);
        const end = item.span.start + item.text.length;
        const start = after.slice(0, item.span.start).search(/\S*$/);
        expect(begins(after.slice(start, end)), `${text} at ${offset}: ${item.label}`).toBe(true);
        // What follows in the same group can follow, perhaps with more behind it.
        const group = /^\S*/.exec(after.slice(start))?.[0] ?? "";
        expect(begins(group), `${text} at ${offset}: ${item.label}`).toBe(true);
      }
      // And where a finished value lacks only what is offered, it is offered.
      const missing = complete(document, offset).length === 0 && begins(text.slice(0, offset));
      const restStands = accepts(`${text.slice(0, offset)}1${text.slice(offset)}`);
      if (missing && restStands) expect(text.slice(0, offset)).toMatch(/:\d*$/);
    }
  }
  expect(offered).toBeGreaterThan(10_000);
});
