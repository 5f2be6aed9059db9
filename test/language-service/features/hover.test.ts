import { readFileSync } from "node:fs";
import { hover, lanes } from "@workloops/language-service";
import { describe, expect, test } from "vitest";
import { cursor, underlined } from "./cursor.ts";

const at = (picture: string, uri = "file:///p/.env") => {
  const { document, offset } = cursor(uri, picture);
  const found = hover(document, offset, { lanes: lanes([document]) });
  if (found === undefined) return undefined;
  return { text: found.paragraphs.join("\n\n"), picture: underlined(document.text, [found.span]) };
};

describe("hover", () => {
  test("over a queue of a strict lane", () => {
    const shown = at("WORKER_WORKLOOPS=fast_$0lane:1 manual>*:4\n");
    expect(shown?.picture).toBe(
      ["WORKER_WORKLOOPS=fast_lane:1 manual>*:4", "                 ^^^^^^^^^"].join("\n"),
    );
    expect(shown?.text).toContain("runs of webhooks whose caller waits for the result");
    expect(shown?.text).toContain("takes runs of `fast_lane` only");
    expect(shown?.text).toContain("- .env: `fast_lane:1`\n- .env: `manual>*:4`");
  });

  test.each([
    [
      "the first queue of an open lane",
      "WORKER_WORKLOOPS=man$0ual>*:4",
      "prefers its runs to all others",
    ],
    ["a later queue", "WORKER_WORKLOOPS=manual>def$0ault>*:4", "after those of `manual`"],
    [
      "the wildcard",
      "WORKER_WORKLOOPS=manual>*$0:4",
      "any queue once the queues before it are empty",
    ],
    ["a lone wildcard", "WORKER_WORKLOOPS=*$0:4", "any queue, the oldest run first"],
    [
      "a capacity",
      "WORKER_WORKLOOPS=fast_lane:1 manual>*:4$0",
      "**4 slots** of 5 slots in this configuration. Together they may take 2 GiB",
    ],
    ["an unknown queue", "WORKER_WORKLOOPS=fastlane$0:1", "no queue that is known here"],
    ["a broken group", "WORKER_WORKLOOPS=manual>*:0$0", "**capacity-invalid**"],
    ["the space between groups", "WORKER_WORKLOOPS='a:1  $0  *:1'", "2 slots in all"],
  ])("over %s", (_, picture, expected) => {
    expect(at(`${picture}\n`)?.text).toContain(expected);
  });

  test("memory counts with what the process is told for one run", () => {
    const shown = at("WORKER_MAX_RUN_MEMORY_MB=1024\nWORKER_WORKLOOPS=*:4$0\n");
    expect(shown?.text).toContain("Together they may take 4 GiB");
  });

  test("shows the value as the process receives it where the file writes it differently", () => {
    const picture =
      "services:\n  w:\n    environment:\n      WORKER_WORKLOOPS: >-\n        fast_$0lane:1\n        manual>*:4\n";
    expect(at(picture, "file:///p/compose.yaml")?.text).toContain(
      "The process receives\n```workloops\nfast_lane:1 manual>*:4\n```",
    );
  });

  test("a problem is told in the words of its rule's page", () => {
    const page = readFileSync("docs/rules/capacity-invalid.md", "utf8");
    const shown = at("WORKER_WORKLOOPS=manual>*:0$0\n")?.text ?? "";
    const [summary = "", why = ""] = shown.split("**capacity-invalid**: ")[1]?.split("\n\n") ?? [];
    expect(summary.length * why.length).toBeGreaterThan(0);
    expect(page).toContain(summary);
    expect(page).toContain(why);
  });

  test("nothing outside of a value", () => {
    expect(at("WORKER_$0WORKLOOPS=fast_lane:1\n")).toBeUndefined();
  });
});
