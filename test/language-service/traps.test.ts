import { describe, it } from "vitest";
import { calm, expectPictures } from "./picture.ts";

const worker = (body: string) => `services:
  w:
    image: openfn/ws-worker:v1.25.0
${body}`;

type Row = readonly [trap: string, files: Readonly<Record<string, string>>, tested?: string];

/** The traps of section 8.3 of the protocol page, one line of it after the other. */
const traps: Readonly<Record<string, readonly Row[]>> = {
  "the value holds spaces, >, * and :": [
    [
      "> redirects",
      { "a.sh": "w --workloops manual>*:5\n              ^^^^^^^^^^ shell-unquoted" },
    ],
    ["* globs", { "a.sh": "w --workloops *:5\n              ^^^ shell-unquoted" }],
    [
      "a space ends the word",
      {
        "a.sh":
          "w --workloops fast_lane:1 manual>*:4\n              ^^^^^^^^^^^^^^^^^^^^^^ shell-unquoted",
      },
    ],
    [
      "a YAML value that starts with * is an alias",
      {
        "compose.yaml": worker(
          "    environment:\n      WORKER_WORKLOOPS: *:5\n                        ^^^ yaml-alias",
        ),
      },
    ],
    [
      "fast_lane:1 manual>*:4 is a legal plain scalar",
      {
        "compose.yaml": worker("    environment:\n      WORKER_WORKLOOPS: fast_lane:1 manual>*:4"),
      },
    ],
  ],
  "docker keeps quotes, compose strips them": [
    [
      "docker",
      {
        "a.sh":
          "docker run --env-file w.env openfn/ws-worker:v1.25.0\n                      ^^^^^ env-file-quotes",
        "w.env": 'WORKER_WORKLOOPS="fast_lane:1 manual>*:4"',
      },
    ],
    [
      "compose",
      {
        "compose.yaml": worker("    env_file: w.env"),
        "w.env": 'WORKER_WORKLOOPS="fast_lane:1 manual>*:4"',
      },
    ],
    [
      "compose, told to read it raw",
      {
        "compose.yaml": worker(
          "    env_file: [{ path: w.env, format: raw }]\n                       ^^^^^ env-file-quotes",
        ),
        "w.env": 'WORKER_WORKLOOPS="fast_lane:1 manual>*:4"',
      },
    ],
    [
      "a quote in the value",
      {
        "compose.yaml": worker(
          `    environment:\n      - WORKER_WORKLOOPS="*:5\n                         ^ queue-name-invalid`,
        ),
      },
    ],
  ],
  "systemd splits at spaces": [
    [
      "unquoted",
      {
        "w.service":
          "[Service]\nEnvironment=WORKER_WORKLOOPS=fast_lane:1 manual>*:4\n                             ^^^^^^^^^^^^^^^^^^^^^^ systemd-unquoted\nTimeoutStopSec=310",
      },
    ],
    [
      "quoted",
      {
        "w.service":
          '[Service]\nEnvironment="WORKER_WORKLOOPS=fast_lane:1 manual>*:4"\nTimeoutStopSec=310',
      },
    ],
  ],
  "both workloops and capacity": [
    [
      "variables",
      {
        ".env":
          "WORKER_WORKLOOPS=manual>*:5\nWORKER_CAPACITY=5\n~^^^^^^^^^^^^^^^^^ capacity-exclusivity",
      },
    ],
    [
      "an empty capacity",
      {
        ".env":
          "WORKER_WORKLOOPS=manual>*:5\nWORKER_CAPACITY=\n~^^^^^^^^^^^^^^^^ capacity-exclusivity",
      },
    ],
    [
      "empty workloops",
      {
        ".env":
          "WORKER_WORKLOOPS=\n~^^^^^^^^^^^^^^^^^ empty\nWORKER_CAPACITY=5\n~^^^^^^^^^^^^^^^^^ capacity-exclusivity",
      },
    ],
    [
      "flags",
      {
        "a.sh":
          "w --workloops 'manual>*:5' --capacity 5\n                           ^^^^^^^^^^^^ capacity-exclusivity",
      },
    ],
    [
      "a default in a shared base",
      {
        "compose.yaml":
          "services:\n  base:\n    image: openfn/ws-worker:v1.25.0\n    environment:\n      WORKER_CAPACITY: ${WORKER_CAPACITY:-5}\n      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ capacity-exclusivity\n  w:\n    extends: base\n    environment:\n      WORKER_WORKLOOPS: manual>*:5",
      },
    ],
    [
      "nothing behind the flag",
      {
        "a.sh": "ws-worker --workloops --port 1\n          ^^^^^^^^^^^ empty\necho --workloops x\n",
      },
    ],
    ["empty workloops alone", { ".env": "WORKER_WORKLOOPS=\n~^^^^^^^^^^^^^^^^^ empty" }],
  ],
  "the flag wins over the variable": [
    [
      "memory by the flag's value",
      {
        "compose.yaml": worker(
          '    mem_limit: 1g\n    command: ["--workloops", "fast_lane>*:1"]\n    environment:\n      WORKER_WORKLOOPS: fast_lane>*:4',
        ),
      },
    ],
    [
      "memory by the flag's value, too much",
      {
        "compose.yaml": worker(
          '    mem_limit: 1g\n               ^^ memory-ceiling\n    command: ["--workloops", "fast_lane>*:4"]\n    environment:\n      WORKER_WORKLOOPS: fast_lane>*:1',
        ),
      },
    ],
  ],
  "the spelling of the draft": [
    [
      "the flag",
      {
        "a.sh":
          "w --workloops 'a>*:1' ; pnpm start --queues 'fast_lane:1 manual,*:4'\n                                   ^^^^^^^^ legacy-flag\n               ^ queue-unknown",
      },
    ],
    [
      "the variable",
      { ".env": "WORKER_QUEUES=fast_lane:1 manual,*:4\n~^^^^^^^^^^^^^ legacy-flag" },
    ],
    [
      "the comma",
      {
        ".env":
          "WORKER_WORKLOOPS=fast_lane:1 manual,*:4\n                             ^^^^^^^^ legacy-comma",
      },
    ],
  ],
  "more memory and less time than the runs need": [
    [
      "4 x 1024 MB in 2 GB",
      {
        "compose.yaml": worker(
          "    mem_limit: 2g\n               ^^ memory-ceiling\n    environment:\n      WORKER_WORKLOOPS: fast_lane>*:4\n      WORKER_MAX_RUN_MEMORY_MB: 1024",
        ),
      },
    ],
    [
      "the default 5 x 500 MB in 2048 MB",
      { "compose.yaml": worker("    mem_limit: 2048m\n               ^^^^^ memory-ceiling") },
    ],
    [
      "3 s against 300 s and 10 s",
      {
        "compose.yaml": worker(
          "    stop_grace_period: 3s\n                       ^^ stop-grace-short",
        ),
      },
      "stop-grace-short",
    ],
  ],
  "queues that nobody takes": [
    [
      "no * anywhere",
      {
        "compose.yaml": worker(
          "    environment:\n      WORKER_WORKLOOPS: fast_lane:1\n                        ^^^^^^^^^^^ queue-unserved",
        ),
      },
      "queue-unserved",
    ],
    [
      "a misspelt strict name",
      {
        ".env":
          "WORKER_WORKLOOPS=fast_lan:1 fast_lane>*:4\n                 ^^^^^^^^ queue-unknown",
      },
    ],
  ],
  "no preference for fast_lane": [
    [
      "the default",
      { ".env": "WORKER_WORKLOOPS=manual>*:5\n                 ^^^^^^^^ fast-lane-not-preferred" },
      "fast-lane-not-preferred",
    ],
    ["written", { ".env": "WORKER_WORKLOOPS=fast_lane>manual>*:5" }, "fast-lane-not-preferred"],
  ],
};

describe.each(Object.entries(traps))("%s", (_, rows) => {
  it.each(rows.map(([name, files, tested]) => ({ name, files, tested })))(
    "$name",
    ({ files, tested }) => expectPictures(files, calm(...(tested === undefined ? [] : [tested]))),
  );
});
