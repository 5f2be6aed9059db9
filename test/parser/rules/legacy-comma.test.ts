import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  fast_lane:1 manual,*:4
              ^^^^^^^^ legacy-comma
  `,
  `
  fast_lane,manual>*:4
  ^^^^^^^^^^^^^^^^^^ legacy-comma
  `,
  `
  manual,default:1 manual,*:2
  ^^^^^^^^^^^^^^ legacy-comma
                   ^^^^^^^^ legacy-comma
  `,
])("%s", (picture) => expectPicture(picture));

test("a comma that separates groups, or stands beside nothing, is no draft syntax", () => {
  expectPicture(`
    manual:4,default:1
            ^ queue-name-invalid
  `);
  expectPicture(`
    ,manual:4
    ^ queue-name-invalid
  `);
  expectPicture(`
    fast_lane:1, manual:4
              ^^ capacity-invalid
  `);
});

test("the fix keeps what was meant", () => {
  expect(problemOf("legacy-comma", "manual,*:4").message).toBe(
    "Queues are separated by `>`, no longer by `,`: write `manual>*`.",
  );
  expect(fixed("legacy-comma", "fast_lane:1 manual,*:4")).toEqual({
    "Separate the queues with `>` (keeps)": "fast_lane:1 manual>*:4",
  });
});
