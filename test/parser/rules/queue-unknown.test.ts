import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  fastlane:1 manual>*:4
  ^^^^^^^^ queue-unknown
  `,
  `
  Manual>*:4
  ^^^^^^ queue-unknown
  `,
])("%s", (picture) => expectPicture(picture));

test("the server's queues and the declared ones are known", () => {
  expectPicture("fast_lane>manual>default>reports>*:1", { queues: ["reports"] });
});

test.each([
  ["fastlane", "fast_lane"],
  ["FAST_LANE", "fast_lane"],
  ["fast_lnae", "fast_lane"],
  ["manaul", "manual"],
  ["defualt", "default"],
  ["dafault", "default"],
  ["billing", undefined],
  ["a", undefined],
])("%s was meant to be %s", (queue, suggestion) => {
  expect(problemOf("queue-unknown", `${queue}:1`).data).toMatchObject({ suggestion });
});

test("a strict group starves in silence, and the message says so", () => {
  expect(problemOf("queue-unknown", "manaul:1").message).toBe(
    "`manaul` is no known queue (`fast_lane`, `manual`, `default`), and a claim for an unknown queue brings no runs and no error. Did you mean `manual`?",
  );
  expect(problemOf("queue-unknown", "billing>*:1").message).toBe(
    "`billing` is no known queue (`fast_lane`, `manual`, `default`).",
  );
});

test("the fix writes the nearest name", () => {
  expect(fixed("queue-unknown", "fastlane:1 *:1")).toEqual({
    "Write the known name that is nearest (changes)": "fast_lane:1 *:1",
  });
  expect(fixed("queue-unknown", "billing:1")).toEqual({});
});
