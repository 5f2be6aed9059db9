import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  manual>*
  ^^^^^^^^ capacity-missing
  `,
  `
  fast_lane:1 manual>*
              ^^^^^^^^ capacity-missing
  `,
  `
  fast lane:1
  ^^^^ capacity-missing
       ^^^^ queue-unknown
  `,
  `
  manual>
  ^^^^^^^ capacity-missing
  `,
  `
  --workloops *:1
  ^^^^^^^^^^^ capacity-missing
  `,
])("%s", (picture) => expectPicture(picture));

test.each([
  `
  manual > *:4
  ^^^^^^ capacity-missing
  `,
  `
  manual : 4
  ^^^^^^ capacity-missing
  `,
  `
  manual> *:4 default:1
  ^^^^^^^ capacity-missing
  `,
])("white space inside a group is one error: %s", (picture) => expectPicture(picture));

test("the message says that white space ends a group where it seems to have done so", () => {
  expect(problemOf("capacity-missing", "manual >*:4").message).toBe(
    "`manual` has no capacity, because white space ends a group: write the whole group without spaces, such as `manual>*:4`.",
  );
  expect(problemOf("capacity-missing", "manual *:4").message).toBe(
    "`manual` has no capacity: write a colon and how many runs it may hold behind it, as in `manual>*:4`.",
  );
});

test("the fix is the cheapest repair", () => {
  expect(fixed("capacity-missing", "manual>*5")).toEqual({
    "Write `manual>*:5` (changes)": "manual>*:5",
  });
});
