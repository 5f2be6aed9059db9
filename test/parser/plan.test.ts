import { parse, plan, totalCapacity } from "@workloops/parser";
import { expect, test } from "vitest";

const planOf = (text: string) => plan(parse(text).tree);

test("each group claims its chain, and the join carries the capacity of each", () => {
  expect(planOf("fast_lane:1 manual>*:4")).toEqual({
    groups: [
      { queues: ["fast_lane"], capacity: 1, chain: "fast_lane", claim: { queues: ["fast_lane"] } },
      {
        queues: ["manual", "*"],
        capacity: 4,
        chain: "manual>*",
        claim: { queues: ["manual", "*"] },
      },
    ],
    capacity: 5,
    join: { capacity: 5, queues: { fast_lane: 1, "manual>*": 4 } },
  });
});

test("groups with the same chain are added up in the join", () => {
  const { groups, join } = planOf("*:1 manual:2 *:3");
  expect(groups.map(({ capacity }) => capacity)).toEqual([1, 2, 3]);
  expect(join).toEqual({ capacity: 6, queues: { "*": 4, manual: 2 } });
});

test("a queue called __proto__ is reported like any other", () => {
  expect(JSON.stringify(planOf("__proto__:2 constructor:1").join)).toBe(
    '{"capacity":3,"queues":{"__proto__":2,"constructor":1}}',
  );
});

test("a tree with errors is not run", () => {
  expect(() => planOf("")).toThrow("without groups cannot be planned");
  expect(() => planOf("a:1 b")).toThrow("The group at 4 to 5 is broken");
  expect(() => totalCapacity(parse("a:0").tree)).toThrow("only a tree without errors is run");
});
