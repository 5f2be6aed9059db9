import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "export",
    "start.sh",
    `
export WORKER_WORKLOOPS=fast_lane:1 manual>*:4
                        ^^^^^^^^^^^^^^^^^^^^^^ shell-unquoted
`,
  ],
  [
    "a prefix",
    "start.sh",
    `
WORKER_WORKLOOPS=manual>*:5 pnpm start
                 ^^^^^^^^^^ shell-unquoted
`,
  ],
  [
    "a flag with a space, and with an equals sign",
    "start.sh",
    `
ws-worker --workloops fast_lane:1 manual>*:4
                      ^^^^^^^^^^^^^^^^^^^^^^ shell-unquoted
ws-worker --workloops=manual>*:5 >log
                      ^^^^^^^^^^ shell-unquoted
`,
  ],
  [
    "a pattern",
    "start.sh",
    `
ws-worker --workloops *:5
                      ^^^ shell-unquoted
`,
  ],
  [
    "docker",
    "start.sh",
    `
docker run -e WORKER_WORKLOOPS=fast_lane:1 manual>*:4 openfn/ws-worker:v1.25.0
                               ^^^^^^^^^^^^^^^^^^^^^^ shell-unquoted
`,
  ],
  [
    "compose splits a string without a shell",
    "compose.yaml",
    `
services:
  w:
    command: ws-worker --workloops fast_lane:1 manual>*:4
                                   ^^^^^^^^^^^^^^^^^^^^^^ shell-unquoted
`,
  ],
  [
    "a script of package.json",
    "package.json",
    `{
  "scripts": { "start": "ws-worker --workloops manual>*:5" }
                                               ^^^^^^^^^^ shell-unquoted
}`,
  ],
  [
    "quotes of every kind, and a redirection of its own",
    "start.sh",
    `
export WORKER_WORKLOOPS='fast_lane:1 manual>*:4'
export WORKER_WORKLOOPS="fast_lane:1 manual>*:4" > log
WORKER_WORKLOOPS=fast_lane:1\\ manual\\>\\*:4 ws-worker
WORKER_WORKLOOPS=fast_lane:1 ws-worker >log 2>&1
WORKER_WORKLOOPS=*:5
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("shell-unquoted")));
