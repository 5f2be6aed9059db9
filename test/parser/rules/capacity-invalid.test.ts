import { describe, expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  manual>*:05 *:1
           ^^ capacity-invalid
  `,
  `
  manual>*: *:1
          ^ capacity-invalid
  `,
  `
  *:x
    ^ capacity-invalid
  `,
])("%s", (picture) => expectPicture(picture));

describe("the message says which fault it is", () => {
  test.each([
    ["*:", "absent"],
    ["*:0", "zero"],
    ["*:-1", "sign"],
    ["*:+1", "sign"],
    ["*:-0", "sign"],
    ["*:1.5", "fraction"],
    ["*:1.", "fraction"],
    ["*:.5", "fraction"],
    ["*:1e3", "exponent"],
    ["*:1E+21", "exponent"],
    ["*:1.7e+308", "exponent"],
    ["*:05", "leading-zero"],
    ["*:00", "leading-zero"],
    ["*:10001", "above-limit"],
    ["*:9007199254740993", "above-limit"],
    ["*:1_000", "not-digits"],
    ["*:0x10", "not-digits"],
    ["*:５", "not-digits"],
    ["*:.", "not-digits"],
    ["*:NaN", "not-digits"],
    ["5:*", "not-digits"],
  ])("%s: %s", (text, fault) => {
    expect(problemOf("capacity-invalid", text).data).toMatchObject({ fault });
  });

  test("in words", () => {
    expect(problemOf("capacity-invalid", "*:1e3").message).toBe(
      "`1e3` is no capacity: a capacity has no exponent; write out its digits. Write a whole number from 1 to 10,000.",
    );
    expect(problemOf("capacity-invalid", "*:").message).toBe(
      "The capacity is missing: nothing stands behind the colon. Write a whole number from 1 to 10,000.",
    );
  });
});

test("the limit itself is a capacity", () => expectPicture("*:10000"));

test("leading zeros are removed without changing the meaning", () => {
  expect(fixed("capacity-invalid", "manual>*:005")).toEqual({
    "Write the number without its leading zeros (keeps)": "manual>*:5",
  });
  expect(fixed("capacity-invalid", "manual>*:1.5")).toEqual({
    "Write `manual>*:1` (changes)": "manual>*:1",
  });
});
