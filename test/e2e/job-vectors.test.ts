import { jobVectors } from "../conformance/job-vectors.ts";
import { testVectors } from "../conformance/vector-tests.ts";

await testVectors(jobVectors);
