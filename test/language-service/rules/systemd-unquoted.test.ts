import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "Environment",
    "worker.service",
    `
[Service]
Environment=WORKER_WORKLOOPS=fast_lane:1 manual>*:4
                             ^^^^^^^^^^^^^^^^^^^^^^ systemd-unquoted
`,
  ],
  [
    "ExecStart",
    "worker.service",
    `
[Service]
ExecStart=/usr/bin/ws-worker --workloops fast_lane:1 manual>*:4
                                         ^^^^^^^^^^^^^^^^^^^^^^ systemd-unquoted
`,
  ],
  [
    "quoted",
    "worker.service",
    `
[Service]
Environment="WORKER_WORKLOOPS=fast_lane:1 manual>*:4" OTHER=1
Environment=WORKER_WORKLOOPS=manual>*:5
ExecStart=/usr/bin/ws-worker --workloops 'fast_lane:1 manual>*:4'
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("systemd-unquoted")));
