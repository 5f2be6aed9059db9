import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  fast-lane:1 *:1
      ^ queue-name-invalid
  `,
  `
  manual>*a:1
         ^ queue-name-invalid
  `,
  `
  **:1
  ^^ queue-name-invalid
  `,
  `
  manual:1;default:2
          ^ queue-name-invalid
  `,
  `
  a:b:1
   ^ queue-name-invalid
  `,
  `
  "manual:1
  ^ queue-name-invalid
  `,
])("%s", (picture) => expectPicture(picture));

test("what nobody sees is written out", () => {
  expect(problemOf("queue-name-invalid", "a\u200b:1").message).toBe(
    "`a<U+200B>` is no queue name, because of `<U+200B>`: use the letters A to Z and a to z, digits and `_`, or `*` alone.",
  );
});

test("64 characters are a name, and 65 are not", () => {
  expectPicture(`${"manual".padEnd(64, "x")}>*:1`, { queues: ["manual".padEnd(64, "x")] });
  const name = "manual".padEnd(65, "x");
  const { span, message } = problemOf("queue-name-invalid", `*:1 ${name}:1`);
  expect(span).toEqual({ start: 4, end: 69 });
  expect(message).toContain("has 65 characters; at most 64 are allowed");
});

test("the fix is the cheapest repair, where there is one", () => {
  expect(fixed("queue-name-invalid", "fast-lane:1")).toEqual({
    "Write `fast_lane:1` (changes)": "fast_lane:1",
  });
  expect(fixed("queue-name-invalid", `${"x".repeat(65)}:1`)).toEqual({});
});
