import { defineConfig } from "vitest/config";

// Tests import our packages from their sources (the `workloops-source` condition),
// so that a failing test points at the line to change. Child processes and
// end-to-end tests run what `npm run build` made.
const conditions = ["workloops-source", "node", "import", "module", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "test/faults/**", "node_modules/**"],
    testTimeout: 20_000,
    maxWorkers: 2,
    reporters: [["verbose", { summary: false }], "./scripts/junit-by-package.mjs"],
  },
});
