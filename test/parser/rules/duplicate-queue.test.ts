import { expect, test } from "vitest";
import { expectPicture, fixed, problemOf } from "../picture.ts";

test.each([
  `
  manual>fast_lane>manual>*:4
                   ^^^^^^ duplicate-queue
  `,
  `
  manual>manual>manual:1
         ^^^^^^ duplicate-queue
                ^^^^^^ duplicate-queue
  `,
])("%s", (picture) => expectPicture(picture));

test("names are compared exactly, and within one chain", () => {
  expectPicture("manual>Manual:1 manual:2", { queues: ["Manual"] });
});

test("a long chain is looked through too", () => {
  const queues = Array.from({ length: 60 }, (_, i) => `q${i}`);
  const text = `${[...queues, "q3"].join(">")}:1`;
  const problem = problemOf("duplicate-queue", text);
  expect(problem.data).toEqual({ queue: "q3" });
  expect(problem.related).toEqual([{ span: { start: 9, end: 11 }, message: "first named here" }]);
});

test("names of Object.prototype are ordinary", () => {
  expectPicture("__proto__>constructor:1", { queues: ["__proto__", "constructor"] });
});

test("the fix removes the later mention", () => {
  expect(fixed("duplicate-queue", "manual>fast_lane>manual>*:4")).toEqual({
    "Remove the second mention (keeps)": "manual>fast_lane>*:4",
  });
});
