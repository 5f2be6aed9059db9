import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "the variable of a worker",
    "compose.yaml",
    `
services:
  w:
    image: openfn/ws-worker:v1.25.0
    environment:
      WORKER_QUEUES: manual
      ^^^^^^^^^^^^^ legacy-flag
`,
  ],
  [
    "the flag, by the shape of its value",
    "start.sh",
    `
pnpm start --queues "fast_lane:1 manual,*:4"
           ^^^^^^^^ legacy-flag
`,
  ],
  [
    "other programs have queues too",
    "compose.yaml",
    `
services:
  celery:
    image: celery
    command: celery worker --queues default,mail
    environment:
      WORKER_QUEUES: default,mail
      WORKER_CAPACITY: 3
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("legacy-flag")));
