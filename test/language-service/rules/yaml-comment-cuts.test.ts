import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "a sign that touches the next group",
    "compose.yaml",
    `
services:
  w:
    environment:
      WORKER_WORKLOOPS: fast_lane:1 #manual>*:4
                                    ^^^^^^^^^^^ yaml-comment-cuts
`,
  ],
  [
    "a comment of nothing but groups",
    "compose.yaml",
    `
services:
  w:
    environment:
      - WORKER_WORKLOOPS=fast_lane:1 # manual>*:4
                                     ^^^^^^^^^^^^ yaml-comment-cuts
`,
  ],
  [
    "an ordinary comment",
    "compose.yaml",
    `
services:
  w:
    environment:
      WORKER_WORKLOOPS: manual>*:5 # was *:5 until May
`,
  ],
  [
    "a sign between quotes is no comment",
    "values.yaml",
    `
env:
  WORKER_WORKLOOPS: "manual>*:5"  # one loop
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("yaml-comment-cuts")));
