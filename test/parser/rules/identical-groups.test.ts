import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  manual>*:2 manual>*:2
             ^^^^^^^^^^ identical-groups
  `,
  `
  manual:1 default:1 manual:2 default:3 manual:1
                     ^^^^^^^^ identical-groups
                              ^^^^^^^^^ identical-groups
  `,
])("%s", (picture) => expectPicture(picture));

test("another order is another chain", () => {
  expectPicture("manual>default:1 default>manual:1");
});

test("all of the groups are named", () => {
  const problem = problemOf("identical-groups", "*:1 *:2 *:3");
  expect(problem.data).toEqual({ chain: "*", capacities: [1, 2, 3] });
  expect(problem.related?.map(({ span }) => span.start)).toEqual([0, 8]);
});

test("the fix merges them, and leaves what stands between", () => {
  const title = "Merge the groups into one (keeps)";
  expect(fixed("identical-groups", " *:1 manual:1\n*:2  *:3 ")).toEqual({
    [title]: " *:6 manual:1 ",
  });
  expect(fixed("identical-groups", "*:9999 *:2")).toEqual({});
});
