import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  manual>*:5
  ^^^^^^^^ fast-lane-not-preferred
  `,
  `
  manual:1 *:2 *:3
           ^ fast-lane-not-preferred
               ^^^ identical-groups
  `,
])("%s", (picture) => expectPicture(picture));

test.each(["fast_lane:1 manual>*:4", "manual>fast_lane>*:5", "manual:1 default:1", "manual>*:"])(
  "%s needs no hint: the queue is named, not served at all, or the value is broken",
  (text) => {
    expect(() => problemOf("fast-lane-not-preferred", text)).toThrow();
  },
);

test("the fix names it first", () => {
  expect(fixed("fast-lane-not-preferred", "manual:1 manual>*:4")).toEqual({
    "Prefer `fast_lane` in the first group with `*` (changes)": "manual:1 fast_lane>manual>*:4",
  });
});
