import { checkProcess, type ProcessGiven } from "@workloops/parser";
import { expect, test } from "vitest";
import { given, known, unknown } from "../given.ts";

function find(parts: Partial<ProcessGiven>) {
  return checkProcess(given(parts)).filter(({ code }) => code === "stop-grace-short");
}

test("a run and its end against the grace", () => {
  expect(find({ stopGrace: known(70), runDuration: known(60) })).toEqual([]);
  const [problem] = find({ stopGrace: known(69), runDuration: known(60) });
  expect(problem?.subjects).toEqual(["stopGrace", "runDuration"]);
  expect(problem?.message).toBe(
    "The process is killed after 69 s, but a run and its end take up to 70 s: allow at least that.",
  );
});

test("runs last 300 s where nothing is set", () => {
  expect(find({ stopGrace: known(309) })).toHaveLength(1);
  expect(find({ stopGrace: known(310) })).toEqual([]);
});

test("a drain timeout counts instead of the runs", () => {
  const parts = { runDuration: known(300), drainTimeout: known(25) };
  expect(find({ ...parts, stopGrace: known(25) })).toEqual([]);
  const [problem] = find({ ...parts, stopGrace: known(24) });
  expect(problem?.subjects).toEqual(["stopGrace", "drainTimeout"]);
  expect(problem?.message).toContain("its drain takes up to 25 s");
});

test("nobody kills it, or nobody knows", () => {
  expect(find({})).toEqual([]);
  expect(find({ stopGrace: unknown })).toEqual([]);
  expect(find({ stopGrace: known(1), runDuration: unknown })).toEqual([]);
  expect(find({ stopGrace: known(1), drainTimeout: unknown })).toEqual([]);
});
