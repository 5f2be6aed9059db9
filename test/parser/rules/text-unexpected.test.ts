import { expect, test } from "vitest";
import { expectPicture, problemOf } from "../picture.ts";

test.each([
  `
  fast_lane:1 ; manual:4
              ^ text-unexpected
  `,
  `
  manual:4 && default:1
           ^^ text-unexpected
  `,
  `
  manual:4 # comment
           ^ text-unexpected
             ^^^^^^^ capacity-missing
  `,
  `
  "
  ^ text-unexpected
  `,
])("%s", (picture) => expectPicture(picture));

test("text with a part of a group has the error of that group", () => {
  expectPicture(`
    ;:1
    ^ queue-name-invalid
  `);
  expectPicture(`
    ;a
    ^^ capacity-missing
  `);
});

test("the message shows the text", () => {
  expect(problemOf("text-unexpected", "*:1 ;").message).toBe(
    "`;` is no part of a group: a value is groups such as `manual>*:4`, separated by spaces.",
  );
});
