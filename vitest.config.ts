import { defineConfig } from "vitest/config";

// Tests import our packages from their sources (the `workloops-source` condition),
// so that a failing test points at the line to change. Child processes and
// end-to-end tests run what `npm run build` made.
// chevrotain in one file, as its package brings it beside its some hundred modules: each
// test file imports it anew, and most of them come to it.
const alias = { chevrotain: `${import.meta.dirname}/node_modules/chevrotain/lib/chevrotain.mjs` };
const conditions = ["workloops-source", "node", "import", "module", "default"];

export default defineConfig({
  resolve: { conditions, alias },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/e2e/**", "test/faults/**", "node_modules/**"],
    testTimeout: 20_000,
    maxWorkers: 2,
    reporters: [["verbose", { summary: false }], "./scripts/junit-by-package.mjs"],
  },
});
