import {
  claim,
  createQueue,
  depth,
  enqueue,
  leave,
  release,
} from "@workloops/local-lightning/queue";
import fc from "fast-check";
import { expect, test } from "vitest";
import { aRun, claimNaively } from "./naive-queue.ts";

/** Runs called after their queue, oldest first; the digit tells two of a queue apart. */
const waiting = ["default1", "fast_lane1", "manual1", "default2", "fast_lane2", "manual2"];

function filled() {
  const queue = createQueue();
  for (const [index, id] of waiting.entries())
    enqueue(queue, aRun(id, { queue: id.slice(0, -1), insertedAt: index }));
  return queue;
}

test.each([
  [["manual", "*"], "manual1 manual2 default1 fast_lane1 default2 fast_lane2"],
  [["fast_lane", "manual", "*"], "fast_lane1 fast_lane2 manual1 manual2 default1 default2"],
  [["*"], "default1 fast_lane1 manual1 default2 fast_lane2 manual2"],
  [["*", "*"], "default1 fast_lane1 manual1 default2 fast_lane2 manual2"],
  [["nonexistent"], ""],
  [["typo", "*"], "default1 fast_lane1 manual1 default2 fast_lane2 manual2"],
  [["manual", "manual", "*"], "manual1 manual2 default1 fast_lane1 default2 fast_lane2"],
  [["fast_lane", "*", "manual"], "fast_lane1 fast_lane2 default1 default2 manual1 manual2"],
  [["*", "manual"], "default1 fast_lane1 default2 fast_lane2 manual1 manual2"],
  [["*", "fast_lane", "*"], "default1 manual1 default2 manual2 fast_lane1 fast_lane2"],
  [["fast_lane"], "fast_lane1 fast_lane2"],
  // Without a star the order of names means nothing: only the age counts.
  [["manual", "fast_lane"], "fast_lane1 manual1 fast_lane2 manual2"],
  [["FAST_LANE"], ""],
  [["__proto__", "*"], "default1 fast_lane1 manual1 default2 fast_lane2 manual2"],
])("a claim for %j takes %s", (queues, order) => {
  const ids = claim(filled(), 10, queues).map(({ id }) => id);
  expect(ids.join(" ")).toBe(order);
});

test("a claim takes as many as it demands, and no run twice", () => {
  const queue = filled();
  expect(claim(queue, 0, ["*"])).toEqual([]);
  const taken = [2, 3, 4].map((demand) => claim(queue, demand, ["*"]).map(({ id }) => id));
  expect(taken).toEqual([waiting.slice(0, 2), waiting.slice(2, 5), waiting.slice(5)]);
  expect(depth(queue)).toBe(0);
});

test("priority goes before age, and the queue before both", () => {
  const queue = createQueue();
  enqueue(queue, aRun("old", { insertedAt: 1 }));
  enqueue(queue, aRun("urgent", { insertedAt: 2, priority: 0 }));
  enqueue(queue, aRun("manual", { insertedAt: 3, queue: "manual" }));
  expect(claim(queue, 3, ["manual", "*"]).map(({ id }) => id)).toEqual(["manual", "urgent", "old"]);
});

test("a workflow's limit counts runs in progress, whatever queue the next is in", () => {
  const queue = createQueue();
  const workflow = { workflowId: "w", workflowConcurrency: 1 };
  enqueue(queue, aRun("older", { ...workflow, insertedAt: 1 }));
  enqueue(queue, aRun("newer", { ...workflow, insertedAt: 2, queue: "fast_lane" }));
  // Preference does not open the window: an older default run bars the way.
  expect(claim(queue, 2, ["fast_lane"])).toEqual([]);
  expect(claim(queue, 2, ["fast_lane", "*"]).map(({ id }) => id)).toEqual(["older"]);
  expect(claim(queue, 2, ["*"])).toEqual([]);
  leave(queue, "older");
  expect(claim(queue, 2, ["fast_lane"]).map(({ id }) => id)).toEqual(["newer"]);
});

test("a project's limit spans its workflows, apart from those with their own", () => {
  const queue = createQueue();
  const limited = { projectId: "p", projectConcurrency: 2 };
  for (const [index, id] of ["a", "b", "c"].entries())
    enqueue(queue, aRun(id, { ...limited, workflowId: id, insertedAt: index }));
  const own = { workflowId: "own", workflowConcurrency: 1, insertedAt: 9 };
  enqueue(queue, aRun("own", { ...limited, ...own }));
  expect(claim(queue, 9, ["*"]).map(({ id }) => id)).toEqual(["a", "b", "own"]);
});

test("the 51st run of a workflow is not seen until one before it has ended", () => {
  const queue = createQueue();
  for (let index = 0; index < 50; index += 1)
    enqueue(queue, aRun(`slow${index}`, { workflowId: "w", insertedAt: index }));
  enqueue(queue, aRun("fast", { workflowId: "w", insertedAt: 99, queue: "fast_lane" }));
  expect(claim(queue, 1, ["fast_lane"])).toEqual([]);
  leave(queue, "slow7");
  expect(claim(queue, 1, ["fast_lane"]).map(({ id }) => id)).toEqual(["fast"]);
});

test("a run that is given back stands where it stood", () => {
  const queue = filled();
  claim(queue, 3, ["*"]);
  release(queue, "fast_lane1");
  expect(claim(queue, 2, ["*"]).map(({ id }) => id)).toEqual(["fast_lane1", "default2"]);
});

const someRun = fc.record({
  queue: fc.constantFrom("default", "fast_lane", "manual"),
  workflowId: fc.constantFrom("w1", "w2", "w3"),
  priority: fc.constantFrom(0, 1),
  insertedAt: fc.integer({ min: 0, max: 6 }),
});
const someClaim = fc.record({
  demand: fc.integer({ min: 0, max: 4 }),
  queues: fc.array(fc.constantFrom("default", "fast_lane", "manual", "*", "typo"), {
    minLength: 1,
    maxLength: 4,
  }),
});
const someAct = fc.oneof(
  fc.record({ do: fc.constant("enqueue" as const), run: someRun }),
  fc.record({ do: fc.constant("claim" as const), claim: someClaim }),
  fc.record({ do: fc.constant("leave" as const), pick: fc.nat(99) }),
  fc.record({ do: fc.constant("release" as const), pick: fc.nat(99) }),
);

/** Limits of the three workflows and of their one project. */
const limits = new Map([
  ["w1", 2],
  ["w2", null],
  ["w3", null],
]);

test("whatever happened before, a claim takes what the words of section 3 say", () => {
  fc.assert(
    fc.property(
      fc.array(someAct, { maxLength: 60, size: "max" }),
      fc.constantFrom(3, 50),
      fc.constantFrom(null, 3),
      (acts, window, projectLimit) => {
        const queue = createQueue(window);
        const naive = new Map<string, { run: ReturnType<typeof aRun>; available: boolean }>();
        for (const [index, act] of acts.entries()) {
          if (act.do === "enqueue") {
            const workflowConcurrency = limits.get(act.run.workflowId) ?? null;
            const run = aRun(`r${index}`, {
              ...act.run,
              workflowConcurrency,
              projectId: "p",
              projectConcurrency: projectLimit,
            });
            enqueue(queue, run);
            naive.set(run.id, { run, available: true });
          } else if (act.do === "claim") {
            const { demand, queues } = act.claim;
            const expected = claimNaively([...naive.values()], demand, queues, window);
            expect(claim(queue, demand, queues).map(({ id }) => id)).toEqual(expected);
            for (const id of expected) Object.assign(naive.get(id) ?? {}, { available: false });
          } else {
            const held = [...naive.values()].filter(({ available }) => !available);
            const picked = held[act.pick % Math.max(1, held.length)];
            if (picked === undefined) continue;
            if (act.do === "leave") naive.delete(picked.run.id);
            else picked.available = true;
            (act.do === "leave" ? leave : release)(queue, picked.run.id);
          }
        }
      },
    ),
    { numRuns: 400 },
  );
});
