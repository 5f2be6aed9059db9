import { expect, test } from "vitest";
import {
  optionOfFlag,
  optionOfVariable,
} from "../../../packages/language-service/src/worker-options.ts";
import { optionTable } from "../../../packages/worker/src/options/option-table.ts";

/** The linter reads files that are written for the worker, so it has to know what the worker takes. */
test("the linter knows every variable of the worker that begins with WORKER_", () => {
  const variables = optionTable
    .flatMap((row) => row.variables)
    .filter((name) => name.startsWith("WORKER_"));
  expect(variables.filter((name) => optionOfVariable(name) === undefined)).toEqual([]);
});

test("the linter knows the flags whose values it judges by every long spelling", () => {
  const judged = [
    "workloops",
    "capacity",
    "run-memory",
    "max-run-duration-seconds",
    "drain-timeout",
    "lightning",
    "repo-dir",
    "state-dir",
    "journal",
  ];
  const flags = optionTable
    .filter(({ name }) => judged.includes(name))
    .flatMap(({ name, aliases }) => [name, ...aliases.filter((alias) => alias.length > 1)]);
  expect(flags.filter((flag) => optionOfFlag(`--${flag}`) === undefined)).toEqual([]);
});
