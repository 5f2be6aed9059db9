import { expect, it } from "vitest";
import { neededPackages } from "../../../packages/engine/src/adaptors/needed-packages.ts";

it("names the adaptors of a plan and what its jobs import besides, each once", () => {
  const common = "@openfn/language-common@3.2.3";
  const steps = [
    {
      id: "a",
      adaptors: [common, "left-pad", ""],
      expression: 'import {a} from "@openfn/language-common";',
    },
    {
      id: "b",
      adaptors: [common],
      expression: "import * as h from '@openfn/language-http'; h.get();",
    },
    { id: "c", expression: 'import { defer } from "@openfn/runtime"; import "lodash";' },
  ];
  expect(neededPackages({ id: "run", steps })).toEqual([common, "@openfn/language-http"]);
});
