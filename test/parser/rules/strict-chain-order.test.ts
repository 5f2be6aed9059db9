import { expect, test } from "vitest";
import { expectPicture, problemOf } from "../picture.ts";

test.each([
  `
  fast_lane>manual:2
  ^^^^^^^^^^^^^^^^ strict-chain-order
  `,
  `
  fast_lane:1 manual>default:2
              ^^^^^^^^^^^^^^ strict-chain-order
  `,
])("%s", (picture) => expectPicture(picture));

test("one queue has no order, and a wildcard gives one", () => {
  for (const text of ["fast_lane:1", "fast_lane>manual>*:2"]) {
    expect(() => problemOf("strict-chain-order", text)).toThrow("has no strict-chain-order");
  }
});
