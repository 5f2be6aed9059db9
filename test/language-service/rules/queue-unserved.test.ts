import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "only strict groups",
    "compose.yaml",
    `
services:
  fast:
    environment:
      WORKER_WORKLOOPS: fast_lane:2
                        ^^^^^^^^^^^ queue-unserved
`,
  ],
  [
    "the one with a wildcard is scaled to zero",
    "compose.yaml",
    `
services:
  fast:
    environment:
      WORKER_WORKLOOPS: fast_lane:2
                        ^^^^^^^^^^^ queue-unserved
  general:
    deploy: { replicas: 0 }
    environment:
      WORKER_WORKLOOPS: manual>*:2
`,
  ],
  [
    "it stands behind a profile",
    "compose.yaml",
    `
services:
  fast:
    environment:
      WORKER_WORKLOOPS: fast_lane:2
                        ^^^^^^^^^^^ queue-unserved
  general:
    profiles: [night]
    environment:
      WORKER_WORKLOOPS: manual>*:2
`,
  ],
  [
    "another service takes the rest",
    "compose.yaml",
    `
services:
  fast:
    environment:
      WORKER_WORKLOOPS: fast_lane:2
  general:
    image: openfn/ws-worker:v1.25.0
`,
  ],
  [
    "workers of another Lightning do not help",
    "compose.yaml",
    `
services:
  fast:
    environment:
      WORKER_LIGHTNING_SERVICE_URL: ws://a/worker
      WORKER_WORKLOOPS: fast_lane:2
                        ^^^^^^^^^^^ queue-unserved
  general:
    environment:
      WORKER_LIGHTNING_SERVICE_URL: ws://b/worker
      WORKER_WORKLOOPS: manual>*:2
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("queue-unserved")));
