import { explain, parse, type Wait } from "@workloops/parser";
import { describe, expect, test } from "vitest";

const of = (text: string) => explain(parse(text).tree);

/** Each queue as `guaranteed shared preferred possible`. */
function standings(text: string): Record<string, string> {
  return Object.fromEntries(
    of(text).queues.map((q) => {
      return [q.queue, `${q.guaranteed} ${q.shared} ${q.preferred} ${q.possible}`];
    }),
  );
}

describe("what each queue gets", () => {
  test.each<[string, Record<string, string>]>([
    ["fast_lane:1 manual>*:4", { fast_lane: "1 0 0 5", manual: "0 0 4 4", default: "0 0 0 4" }],
    ["manual>*:5", { fast_lane: "0 0 0 5", manual: "0 0 5 5", default: "0 0 0 5" }],
    ["manual:2", { fast_lane: "0 0 0 0", manual: "2 0 0 2", default: "0 0 0 0" }],
    [
      "fast_lane>manual:2 x:1",
      { fast_lane: "0 2 0 2", manual: "0 2 0 2", default: "0 0 0 0", x: "1 0 0 1" },
    ],
    [
      "fast_lane:1 fast_lane>manual>*:4",
      { fast_lane: "1 0 4 5", manual: "0 0 4 4", default: "0 0 0 4" },
    ],
  ])("%s", (text, expected) => expect(standings(text)).toEqual(expected));

  test("places are those by which the server sorts", () => {
    const [fast] = of("fast_lane>manual>*:4 manual>fast_lane>*:2 *:1").queues;
    expect(fast?.places).toEqual([
      { place: 1, slots: 5 },
      { place: 2, slots: 2 },
    ]);
  });
});

describe("what the first, second and third fast-lane run wait for", () => {
  const waits = (text: string) => of(text).fastLane.map((wait) => wait.for);
  test.each<[string, Wait["for"][]]>([
    ["fast_lane:1 manual>*:4", ["nothing", "by-age", "by-age"]],
    ["fast_lane:1 fast_lane>manual>*:4", ["nothing", "next-slot", "next-slot"]],
    ["fast_lane:2 manual:1", ["nothing", "nothing", "strict-slot"]],
    ["fast_lane>manual:2", ["strict-slot", "strict-slot", "strict-slot"]],
    ["manual>*:5", ["by-age", "by-age", "by-age"]],
    ["manual:5", ["ever", "ever", "ever"]],
  ])("%s", (text, expected) => expect(waits(text)).toEqual(expected));

  test("manual goes first where it is named first", () => {
    expect(of("manual>fast_lane>*:4").fastLane[1]).toEqual({
      for: "next-slot",
      behind: ["manual"],
      slots: 4,
    });
  });

  test.each([
    ["fast_lane:1 manual>*:4", "fast_lane:1 fast_lane>manual>*:4"],
    ["fast_lane:1 fast_lane>manual>*:4", undefined],
    ["manual:2 *:1 *:2", "manual:2 fast_lane>*:1 *:2"],
    ["manual:5", undefined],
  ])("%s is mended as %s", (text, mended) => expect(of(text).mended).toBe(mended));
});

test("claims, join, total and what nobody takes", () => {
  const { groups, join, capacity, unserved, value } = of(" manual:2   reports:1");
  expect(value).toBe("manual:2 reports:1");
  expect(groups.map(({ claim, strict }) => [claim.queues, strict])).toEqual([
    [["manual"], true],
    [["reports"], true],
  ]);
  expect(join).toEqual({ capacity: 3, queues: { manual: 2, reports: 1 } });
  expect(capacity).toBe(3);
  expect(unserved).toEqual(["fast_lane", "default"]);
});

test("groups in words", () => {
  const words = (text: string) => of(text).groups.map((group) => group.words);
  expect(words("fast_lane:1 manual>fast_lane>*:4 *:2 manual>default:3")).toEqual([
    "up to 1 run of fast_lane and nothing else",
    "up to 4 runs, of manual, then fast_lane and then of any queue",
    "up to 2 runs of any queue, the oldest first",
    "up to 3 runs of manual and default and nothing else, the oldest first",
  ]);
});
