import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "an old image",
    "compose.yaml",
    `
services:
  w:
    image: openfn/ws-worker:v1.21.4
           ^^^^^^^^^^^^^^^^^^^^^^^^ workloops-unsupported
    environment:
      WORKER_WORKLOOPS: manual>*:5
`,
  ],
  [
    "new enough, without a version, and with nothing to ignore",
    "compose.yaml",
    `
services:
  a:
    image: registry.example.org:5000/openfn/ws-worker:1.22.0
    environment:
      WORKER_WORKLOOPS: manual>*:5
  b:
    image: openfn/ws-worker:latest
    environment:
      WORKER_WORKLOOPS: manual>*:5
  c:
    image: openfn/ws-worker:v1.9.0
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("workloops-unsupported")));
