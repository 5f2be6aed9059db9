import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  fast_lane:1·manual:4
             ^ white-space-invalid
  `,
  `
  manual:4·
          ^ white-space-invalid
  `,
  `
  fast_lane:1 · ·¶ manual:4
              ^^^ white-space-invalid
  `,
  `
  fast_lane:1·manual:4·default:1
             ^ white-space-invalid
                      ^ white-space-invalid
  `,
])("%s", (picture) => expectPicture(picture));

const odd = [
  ..."\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a",
  ..."\u2028\u2029\u202f\u205f\u3000\ufeff",
];

test.each(odd)("%j separates groups, and is an error", (space) => {
  const problem = problemOf("white-space-invalid", `*:1${space}a:1`);
  expect(problem.span).toEqual({ start: 3, end: 4 });
});

test.each(["\u0085", "\u180e", "\u200b", "\u2060"])("%j is no white space at all", (character) => {
  expect(problemOf("queue-name-invalid", `*:1${character}a:1`).span.start).toBe(3);
});

test("the characters are named", () => {
  expect(problemOf("white-space-invalid", "*:1\u00a0\u2003\u00a0a:1").message).toBe(
    "U+00A0, U+2003 is white space that cannot be told from a space: write an ordinary one.",
  );
});

test("the fix keeps the meaning", () => {
  const title = "Write an ordinary space (keeps)";
  expect(fixed("white-space-invalid", "*:1\u00a0a:1")).toEqual({ [title]: "*:1 a:1" });
  expect(fixed("white-space-invalid", "\ufeffa:1")).toMatchObject({ [title]: "a:1" });
});
