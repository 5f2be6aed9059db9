import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  :1
  ^ queue-name-empty
  `,
  `
  >*:1
  ^ queue-name-empty
  `,
  `
  manual>:1
        ^^ queue-name-empty
  `,
  `
  fast_lane>>*:1
           ^^ queue-name-empty
  `,
  `
  *:1 :2 manual:3
      ^ queue-name-empty
  `,
])("%s", (picture) => expectPicture(picture));

test.each([
  [":1", "only"],
  [">*:1", "first"],
  ["a>>*:1", "middle"],
  ["a>:1", "last"],
])("%s: %s", (text, place) => {
  expect(problemOf("queue-name-empty", text).data).toEqual({ place });
});

test("the fix is the cheapest repair", () => {
  expect(fixed("queue-name-empty", "fast_lane>>*:2")).toEqual({
    "Write `fast_lane>*:2` (changes)": "fast_lane>*:2",
  });
});
