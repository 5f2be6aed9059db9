import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "another scheme",
    ".env",
    `
WORKER_LIGHTNING_SERVICE_URL=https://lightning.example.org/worker
                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ service-url-invalid
`,
  ],
  [
    "without the path",
    "compose.yaml",
    `
services:
  w:
    environment:
      WORKER_LIGHTNING_SERVICE_URL: "ws://web:4000"
                                     ^^^^^^^^^^^^^ service-url-invalid
`,
  ],
  [
    "good ones, and one that is not known",
    "compose.yaml",
    `
services:
  a:
    command: ["--lightning", "ws://web:4000/worker", "--workloops", "manual>*:5"]
  b:
    environment:
      WORKER_LIGHTNING_SERVICE_URL: \${URL}
  c:
    environment:
      WORKER_LIGHTNING_SERVICE_URL: mock
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("service-url-invalid")));
