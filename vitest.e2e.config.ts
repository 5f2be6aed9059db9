import { defineConfig, mergeConfig } from "vitest/config";
import unit from "./vitest.config.ts";

// End-to-end tests start real processes, so one file runs at a time and a test may take long.
export default mergeConfig(
  { ...unit, test: { ...unit.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ["test/e2e/**/*.test.ts"],
      exclude: ["node_modules/**"],
      globalSetup: "test/e2e/packed-command.ts",
      fileParallelism: false,
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  }),
);
