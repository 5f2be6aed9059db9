import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "text behind the closing quote",
    ".env",
    `
WORKER_WORKLOOPS="fast_lane:1" manual>*:4
                              ^^^^^^^^^^^ env-file-quotes
`,
  ],
  [
    "a quote that is never closed",
    "worker.env",
    `
WORKER_WORKLOOPS='fast_lane:1
                 ^^^^^^^^^^^^ env-file-quotes
`,
  ],
  [
    "a comment that was meant as a group",
    ".env.production",
    `
WORKER_WORKLOOPS=fast_lane:1 #manual>*:4
                             ^^^^^^^^^^^ env-file-quotes
`,
  ],
  [
    "right ones",
    ".env",
    `
WORKER_WORKLOOPS="fast_lane:1 manual>*:4"  # quoted
export WORKER_WORKLOOPS=fast_lane:1 manual>*:4
WORKER_WORKLOOPS='fast_lane:1 manual>*:4'
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("env-file-quotes")));
