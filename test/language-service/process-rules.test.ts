import { diagnose, openDocument } from "@workloops/language-service";
import { describe, expect, it } from "vitest";
import { calm, expectPictures, filesWorkspace } from "./picture.ts";

const worker = (body: string) => `services:
  w:
    image: openfn/ws-worker:v1.25.0
${body}`;

describe("capacity-exclusivity", () => {
  const quiet = calm("capacity-exclusivity");
  it.each([
    [
      "by variable and by flag",
      `
services:
  w:
    command: ["--workloops", "manual>*:5"]
    environment:
      WORKER_CAPACITY: 5
      ^^^^^^^^^^^^^^^^^^ capacity-exclusivity
`,
    ],
    [
      "an empty string is given",
      `
services:
  w:
    environment:
      WORKER_WORKLOOPS: manual>*:5
      WORKER_CAPACITY: ""
      ^^^^^^^^^^^^^^^^^^^ capacity-exclusivity
`,
    ],
    [
      "what is put in is given too",
      `
services:
  w:
    environment:
      WORKER_WORKLOOPS: manual>*:5
      WORKER_CAPACITY: \${CAPACITY}
      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ capacity-exclusivity
`,
    ],
    [
      "what is passed through may be absent",
      `
services:
  w:
    environment:
      WORKER_WORKLOOPS: manual>*:5
      WORKER_CAPACITY:
`,
    ],
    [
      "two services are two processes",
      `
services:
  a:
    environment: { WORKER_WORKLOOPS: "manual>*:5" }
  b:
    environment: { WORKER_CAPACITY: 5 }
`,
    ],
  ])("%s", (_, picture) => expectPictures({ "compose.yaml": picture }, quiet));

  it("shows both ends, with where each comes from", async () => {
    const files = {
      "a/compose.yaml": worker(
        "    env_file: [../w.env]\n    environment:\n      WORKER_WORKLOOPS: manual>*:5\n",
      ),
      "w.env": "WORKER_CAPACITY=5\n",
    };
    const document = openDocument("a/compose.yaml", files["a/compose.yaml"]);
    const found = await diagnose(document, { workspace: filesWorkspace(files) });
    const both = found.find(({ code }) => code === "capacity-exclusivity");
    expect(both?.related).toEqual([
      {
        uri: "w.env",
        span: { start: 0, end: 17 },
        message: 'WORKER_CAPACITY "5", from env_file ../w.env',
      },
    ]);
    expect(both?.fixes).toEqual([
      {
        title: "Remove the capacity",
        meaning: "changes",
        uri: "w.env",
        edits: [{ span: { start: 0, end: 18 }, text: "" }],
      },
    ]);
  });
});

describe("memory-ceiling", () => {
  const limited = (unit: string, slots: number) =>
    worker(
      `    mem_limit: ${unit}\n    environment:\n      WORKER_WORKLOOPS: fast_lane>*:${slots}\n`,
    );
  const count = async (text: string, settings = {}) => {
    const found = await diagnose(openDocument("compose.yaml", text), { settings });
    return found.filter(({ code }) => code === "memory-ceiling").length;
  };

  it.each([
    ["fits to the byte", limited("1300m", 2), {}, 0],
    ["one slot too many", limited("1299m", 2), {}, 1],
    ["0 is no limit", limited("0", 50), {}, 0],
    ["compose counts in 1024", limited("1300MB", 2), {}, 0],
    [
      "not times replicas",
      limited("1300m", 2).replace("    mem_limit", "    scale: 3\n    mem_limit"),
      {},
      0,
    ],
    ["another run memory", limited("1300m", 2), { runMemoryMb: 501 }, 1],
    ["another overhead", limited("1300m", 2), { overheadMb: 301 }, 1],
    ["promised twice", limited("650m", 2), { overcommit: 2 }, 0],
    ["no value is five slots", worker("    mem_limit: 2g\n"), {}, 1],
    [
      "the variable of the worker counts",
      limited("1300m", 2).replace(
        "environment:",
        "environment:\n      WORKER_MAX_RUN_MEMORY_MB: 1024",
      ),
      {},
      1,
    ],
  ])("%s", async (_, text, settings, wanted) => {
    expect(await count(text, settings)).toBe(wanted);
  });

  it("Kubernetes tells MB and MiB apart, and a request is no limit", async () => {
    const pod = (resources: string) =>
      `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: w\n      args: ["--workloops", "fast_lane>*:2"]\n      resources: ${resources}\n`;
    const found = async (resources: string) =>
      (await diagnose(openDocument("pod.yaml", pod(resources)))).some(
        ({ code }) => code === "memory-ceiling",
      );
    expect(await found("{ limits: { memory: 1300Mi } }")).toBe(false);
    expect(await found("{ limits: { memory: 1300M } }")).toBe(true);
    expect(await found('{ limits: { memory: "1363148800" } }')).toBe(false);
    expect(await found("{ requests: { memory: 100Mi } }")).toBe(false);
  });
});

describe("stop-grace-short", () => {
  const graces = async (path: string, text: string) => {
    const found = await diagnose(openDocument(path, text));
    return found.flatMap(({ code, data }) =>
      code === "stop-grace-short"
        ? [(data as { stopGrace: number; needed: number }).stopGrace]
        : [],
    );
  };

  it.each([
    ["compose says nothing", "compose.yaml", worker(""), [10]],
    ["compose says enough", "compose.yaml", worker("    stop_grace_period: 5m10s\n"), []],
    ["a second too few", "compose.yaml", worker("    stop_grace_period: 309s\n"), [309]],
    [
      "a shorter run",
      "compose.yaml",
      worker(
        "    stop_grace_period: 70s\n    environment:\n      WORKER_MAX_RUN_DURATION_SECONDS: 60\n",
      ),
      [],
    ],
    [
      "a drain timeout of its own",
      "compose.yaml",
      worker(
        "    stop_grace_period: 30s\n    environment:\n      WORKER_DRAIN_TIMEOUT_SECONDS: 30\n",
      ),
      [],
    ],
    [
      "Kubernetes says nothing",
      "pod.yaml",
      "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - { name: w, image: openfn/ws-worker:v1.25.0 }\n",
      [30],
    ],
    [
      "systemd says nothing",
      "w.service",
      "[Service]\nEnvironment=WORKER_WORKLOOPS=fast_lane>*:5\nExecStart=/bin/x\n",
      [90],
    ],
    [
      "systemd never kills",
      "w.service",
      "[Service]\nEnvironment=WORKER_WORKLOOPS=fast_lane>*:5\nExecStart=/bin/x\nTimeoutStopSec=infinity\n",
      [],
    ],
    ["a command line says nothing", "a.sh", "docker run openfn/ws-worker:v1.25.0\n", []],
    [
      "a command line says too little",
      "a.sh",
      "docker run --stop-timeout 3 openfn/ws-worker:v1.25.0\n",
      [3],
    ],
    ["another program", "compose.yaml", "services:\n  redis:\n    image: redis:7\n", []],
  ])("%s", async (_, path, text, wanted) => {
    expect(await graces(path, text)).toEqual(wanted);
  });
});
