import { jobVectors } from "./job-vectors.ts";
import { testVectors } from "./vector-tests.ts";

// A part of them, so that `npm test` stays quick: where we differ, and every twelfth of the
// rest. All of them: test/e2e/job-vectors.test.ts.
await testVectors(
  jobVectors.filter(
    ({ tags = [] }, index) => index % 12 === 0 || tags.some((tag) => tag !== "peer-quirk"),
  ),
);
