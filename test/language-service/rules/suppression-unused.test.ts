import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "the finding is not there",
    ".env",
    `
# workloops-ignore queue-unknown: ours
~^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ suppression-unused
WORKER_WORKLOOPS=manual>*:5
`,
  ],
  [
    "the next line, the same line, the whole file",
    "compose.yaml",
    `
# workloops-ignore-file capacity-missing: shown broken on purpose
services:
  w:
    environment:
      # workloops-ignore queue-unknown: our fork has a batch queue
      WORKER_WORKLOOPS: batch:1 manual>*
  v:
    environment:
      WORKER_WORKLOOPS: batch:1 manual>*:1 # workloops-ignore queue-unknown: as above
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("suppression-unused")));
