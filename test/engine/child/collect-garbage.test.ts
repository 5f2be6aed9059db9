import { createContext, runInContext } from "node:vm";
import { expect, it } from "vitest";
import { collectGarbage } from "../../../packages/engine/src/child/collect-garbage.ts";

const heldMb = (): number => process.memoryUsage().arrayBuffers / 1024 / 1024;

it("frees what nobody holds, and leaves no way to it for the contexts of jobs", async () => {
  const before = heldMb();
  Buffer.alloc(50 * 1024 * 1024);
  expect(heldMb()).toBeGreaterThan(before + 49);
  collectGarbage();
  await expect.poll(heldMb).toBeLessThan(before + 25);
  expect(runInContext("typeof gc", createContext({}))).toBe("undefined");
});
