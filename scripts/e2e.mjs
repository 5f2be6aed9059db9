// `node scripts/e2e.mjs`: the long tests with real processes and sockets (test/e2e/**/*.test.ts).
// They run what `npm run build` made.
import { build } from "./build.mjs";
import { install, run, stage } from "./setup.mjs";

install();
await build();
stage("end to end");
run(
  "node_modules/.bin/vitest",
  ["run", "--config", "vitest.e2e.config.ts", ...process.argv.slice(2)],
  {
    env: { ...process.env, WORKLOOPS_REPORT_SUFFIX: "-e2e" },
  },
);
