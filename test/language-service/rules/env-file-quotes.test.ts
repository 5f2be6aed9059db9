import { expect, it } from "vitest";
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

it("docker keeps quotes, told where docker reads the file", async () => {
  await expectPictures(
    {
      "run.sh": `
docker run --env-file docker.env openfn/ws-worker:v1.25.0
                      ^^^^^^^^^^ env-file-quotes
`,
      "compose.yaml": `
services:
  w:
    image: openfn/ws-worker:v1.25.0
    env_file: docker.env
`,
      "docker.env": `
WORKER_WORKLOOPS="fast_lane:1 manual>*:4"
OTHER="x"
`,
    },
    calm("env-file-quotes"),
  );
});

it("says nothing of the variables of others", async () => {
  await expectPictures({ ".env": `A="x" y\nWORKER_WORKLOOPS=fast_lane>*:5\n` });
  expect.assertions(1);
});
