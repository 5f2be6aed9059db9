import { accepts as automatonAccepts, parse, print } from "@workloops/parser";
import { expect, test } from "vitest";
import { faultOf } from "./faults-of-tree.ts";
import { accepts, errorCount, texts } from "./reference.ts";

const alphabet = ["a", "1", ">", ":", "*", "-", ",", " "];

// Length 6 is 299,593 texts; the next length is eight times as many and passes 20 seconds.
test("every text up to 6 characters has a tree, and an error exactly where one belongs", () => {
  for (const text of texts(alphabet, 6)) {
    const result = parse(text);
    const errors = result.diagnostics.filter(({ severity }) => severity === "error").length;
    const printed = print(result.tree);
    const again = print(parse(printed).tree);
    const fault =
      faultOf(text, result) ??
      (errors === errorCount(text) ? undefined : `${errors} errors, not ${errorCount(text)}`) ??
      ((errors === 0) === accepts(text) ? undefined : "the recogniser disagrees") ??
      (automatonAccepts(text) === accepts(text) ? undefined : "the automaton disagrees") ??
      (printed === again ? undefined : `printed ${printed}, then ${again}`);
    // One assertion a text would take longer than all parsing.
    if (fault !== undefined) expect.fail(`${JSON.stringify(text)}: ${fault}`);
  }
}, 120_000);
