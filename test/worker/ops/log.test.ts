import { expect, test } from "vitest";
import { createLog } from "../../../packages/worker/src/ops/log.ts";

function logged(level: string, name: string | null = null) {
  const lines: string[] = [];
  const log = createLog({
    level,
    name,
    isTerminal: false,
    destination: { write: (line) => lines.push(line) },
  });
  return { log, lines };
}

test("a line is one JSON object with what it was given, and nothing of the process", () => {
  const { log, lines } = logged("info", "w1");
  log("warn", "hello", { lane: "fast_lane", run: "r" });
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "warn",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    worker: "w1",
    lane: "fast_lane",
    run: "r",
    msg: "hello",
  });
});

test.each([
  ["debug", 4],
  ["info", 3],
  ["warn", 2],
  ["error", 1],
  ["none", 0],
])("at %s, %i of four levels are written", (level, count) => {
  const { log, lines } = logged(level);
  for (const of of ["debug", "info", "warn", "error"] as const) log(of, "x");
  expect(lines).toHaveLength(count);
});
