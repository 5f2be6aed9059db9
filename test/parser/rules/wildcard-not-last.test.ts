import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  *>manual:4
  ^ wildcard-not-last
  `,
  `
  manual>*>default:4
         ^ wildcard-not-last
  `,
  `
  *>*:1
  ^ wildcard-not-last
  `,
])("%s", (picture) => expectPicture(picture));

test("the message names what stands behind", () => {
  expect(problemOf("wildcard-not-last", "*>manual>default:1").message).toBe(
    "`*` is any queue and stands last in its chain; `manual>default` stands behind it.",
  );
});

test.each([
  ["*>manual:4", "manual>*:4"],
  ["fast_lane>*>manual>*:4", "fast_lane>manual>*:4"],
  ["*>*:1", "*:1"],
])("%s is mended as %s", (text, mended) => {
  expect(fixed("wildcard-not-last", text)).toMatchObject({
    "Move the wildcard to the end (changes)": mended,
  });
});
