import { defineConfig, mergeConfig } from "vitest/config";
import unit from "./vitest.config.ts";

// Tests of real faults start real processes and wait for timeouts that are the worker's own.
// Two files run at a time, and of each two tests: most of the time each waits.
export default mergeConfig(
  { ...unit, test: { ...unit.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ["test/faults/**/*.test.ts"],
      exclude: ["node_modules/**"],
      maxConcurrency: 2,
      testTimeout: 120_000,
      hookTimeout: 60_000,
    },
  }),
);
