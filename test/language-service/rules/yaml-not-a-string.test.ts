import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "a number in a manifest",
    "pod.yaml",
    `
apiVersion: v1
kind: Pod
spec:
  containers:
    - name: w
      image: openfn/ws-worker:v1.25.0
      env:
        - name: WORKER_CAPACITY
          value: 5
                 ^ yaml-not-a-string
`,
  ],
  [
    "compose takes numbers",
    "compose.yaml",
    `
services:
  w:
    image: openfn/ws-worker:v1.25.0
    environment:
      WORKER_CAPACITY: 5
`,
  ],
  [
    "a list",
    "compose.yaml",
    `
services:
  w:
    environment:
      WORKER_WORKLOOPS: [manual>*:5]
                        ^^^^^^^^^^^^ yaml-not-a-string
`,
  ],
  [
    "a pair in a list of strings",
    "compose.yaml",
    `
services:
  w:
    environment:
      - WORKER_WORKLOOPS: manual>*:5
        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ yaml-not-a-string
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("yaml-not-a-string")));
