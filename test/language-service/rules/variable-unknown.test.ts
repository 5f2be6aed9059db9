import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "a slip",
    "compose.yaml",
    `
services:
  w:
    image: openfn/ws-worker:v1.25.0
    environment:
      WORKER_MAX_RUN_MEMORY: 500
      ^^^^^^^^^^^^^^^^^^^^^ variable-unknown
      WORKER_SECRET: x
      NODE_ENV: production
`,
  ],
  [
    "a slip in the very name that would tell of a worker",
    ".env",
    "WORKER_WORKLOOP=fast_lane:1 manual>*:4\n~^^^^^^^^^^^^^^^ variable-unknown\nWORKER_LOOPS=3\n",
  ],
  [
    "on no worker",
    "compose.yaml",
    `
services:
  w:
    image: celery
    environment:
      WORKER_MAX_TASKS: 500
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("variable-unknown")));
