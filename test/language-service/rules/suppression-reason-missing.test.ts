import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "it silences nothing then",
    ".env",
    `
# workloops-ignore queue-unknown
~^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ suppression-reason-missing
WORKER_WORKLOOPS=batch:1 manual>*:5
                 ^^^^^ queue-unknown
`,
  ],
])("%s", (_, path, picture) =>
  expectPictures({ [path]: picture }, calm("suppression-reason-missing")),
);
