import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "ENV with an equals sign",
    "Dockerfile",
    `
FROM openfn/ws-worker:v1.25.0
ENV WORKER_WORKLOOPS=fast_lane:1 manual>*:4
                     ^^^^^^^^^^^^^^^^^^^^^^ dockerfile-unquoted
`,
  ],
  [
    "continued lines",
    "Dockerfile",
    `
FROM openfn/ws-worker:v1.25.0
ENV OTHER=1 \\
    WORKER_WORKLOOPS=fast_lane:1 manual>*:4
                     ^^^^^^^^^^^^^^^^^^^^^^ dockerfile-unquoted
`,
  ],
  [
    "quoted, and the form without an equals sign",
    "Dockerfile",
    `
FROM openfn/ws-worker:v1.25.0
ENV WORKER_WORKLOOPS="fast_lane:1 manual>*:4"
ENV WORKER_WORKLOOPS fast_lane:1 manual>*:4
ENV WORKER_WORKLOOPS=fast_lane:1\\ manual>*:4
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("dockerfile-unquoted")));
