import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "a compose map",
    "compose.yaml",
    `
services:
  w:
    environment:
      WORKER_WORKLOOPS: *:5
                        ^^^ yaml-alias
`,
  ],
  [
    "with more groups behind it",
    "compose.yaml",
    `
services:
  w:
    environment:
      WORKER_WORKLOOPS: *:5 fast_lane:1   # all
                        ^^^^^^^^^^^^^^^ yaml-alias
`,
  ],
  [
    "between brackets",
    "compose.yaml",
    `
services:
  w:
    command: ["--workloops", *:5]
                             ^^^ yaml-alias
`,
  ],
  [
    "in a manifest, with the value first",
    "pod.yaml",
    `
apiVersion: v1
kind: Pod
spec:
  containers:
    - name: w
      env:
        - value: *:5
                 ^^^ yaml-alias
          name: WORKER_WORKLOOPS
`,
  ],
  [
    "an alias that has its anchor is none",
    "compose.yaml",
    `
x-loops: &loops "*:5"
services:
  w:
    environment:
      WORKER_WORKLOOPS: *loops
`,
  ],
  [
    "of other variables nothing is said",
    "compose.yaml",
    `
services:
  w:
    environment:
      OTHER: *:5
      WORKER_WORKLOOPS: "*:5"
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("yaml-alias")));
