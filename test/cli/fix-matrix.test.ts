import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDocument } from "@workloops/language-service";
import { describe, expect, it } from "vitest";
import { folderWith, workloops } from "./run-command.ts";

const v = "fast_lane:1 manual>*:4";
const worker = (body: string) =>
  `services:\n  w:\n    image: openfn/ws-worker:v1.25.0\n    stop_grace_period: 310s\n    volumes: ["a:/repo"]\n${body}`;
const variables = (written: string) =>
  worker(`    environment:\n      WORKER_WORKLOOPS: ${written}\n      B: 2\n`);
const pod = (body: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: w }\nspec:\n  terminationGracePeriodSeconds: 310\n  containers:\n    - name: w\n      image: openfn/ws-worker:v1.25.0\n      volumeMounts: [{ name: a, mountPath: /repo }]\n${body}`;
const unit = (body: string) => `[Service]\n${body}\nTimeoutStopSec=310\n`;
const nested = (path: string, text: string) => `cat > ${path} <<'END'\n${text}END\necho done\n`;

/** A file with a value that its reader would not hand on whole, and the value that was meant. */
type Row = readonly [name: string, path: string, text: string, meant?: string];

const rows: Readonly<Record<string, readonly Row[]>> = {
  "shell-unquoted": [
    ["export", "a.sh", `export WORKER_WORKLOOPS=${v}\n`],
    ["quotes closed too soon", "a.sh", `export WORKER_WORKLOOPS="fast_lane:1" manual>*:4\n`],
    ["a flag, closed too soon", "a.sh", `ws-worker --workloops 'fast_lane:1' manual>*:4\n`],
    [
      "compose, closed too soon",
      "compose.yaml",
      worker(`    command: w --workloops "fast_lane:1" manual>*:4\n`),
    ],
    ["a prefix", "a.sh", "WORKER_WORKLOOPS=manual>*:5 ws-worker\n", "manual>*:5"],
    ["a flag", "a.sh", `ws-worker --workloops ${v} --port 1\n`],
    ["a flag with =", "a.sh", `ws-worker --workloops=${v}; echo\n`],
    ["a pattern", "a.sh", "ws-worker --workloops *:5\n", "*:5"],
    ["docker -e", "a.sh", `docker run -e WORKER_WORKLOOPS=${v} openfn/ws-worker:v1.25.0\n`],
    ["docker --env=", "a.sh", `docker run --env=WORKER_WORKLOOPS=${v} openfn/ws-worker:v1.25.0\n`],
    ["kubectl", "a.sh", `kubectl set env deployment/w WORKER_WORKLOOPS=${v}\n`],
    ["env", "a.sh", `env WORKER_WORKLOOPS=${v} ws-worker\n`],
    ["helm", "a.sh", `helm upgrade w . --set worker.workloops=${v}\n`],
    ["sh -c", "a.sh", `sh -c "ws-worker --workloops ${v}"\n`],
    ["a substitution", "a.sh", `x="$(ws-worker --workloops ${v})"\n`],
    ["continued", "a.sh", `ws-worker \\\n  --workloops ${v} \\\n  --port 1\n`],
    ["package.json", "package.json", `{ "scripts": { "s": "ws-worker --workloops ${v}" } }\n`],
    ["Procfile", "Procfile", `worker: ws-worker --workloops ${v}\n`],
    [
      "a workflow's line",
      ".github/workflows/a.yml",
      `on: push\njobs:\n  a:\n    steps:\n      - run: ws-worker --workloops ${v}\n`,
    ],
    [
      "a workflow's block",
      ".github/workflows/a.yml",
      `on: push\njobs:\n  a:\n    steps:\n      - run: |\n          echo\n          ws-worker --workloops ${v}\n`,
    ],
    ["a pipeline", ".gitlab-ci.yml", `a:\n  script:\n    - export WORKER_WORKLOOPS=${v}\n`],
    ["a pipeline, quoted", ".gitlab-ci.yml", `a:\n  script:\n    - 'ws-worker --workloops ${v}'\n`],
    ["CMD", "Dockerfile", `FROM openfn/ws-worker:v1.25.0\nCMD ws-worker --workloops ${v}\n`],
    ["RUN", "Dockerfile", `FROM x\nRUN echo && \\\n    ws-worker --workloops ${v}\n`],
    ["ENTRYPOINT sh -c", "Dockerfile", `FROM x\nENTRYPOINT ["sh", "-c", "w --workloops ${v}"]\n`],
    ["compose, plain", "compose.yaml", worker(`    command: ws-worker --workloops ${v}\n`)],
    ["compose, double", "compose.yaml", worker(`    command: "ws-worker --workloops ${v}"\n`)],
    ["compose, single", "compose.yaml", worker(`    command: 'ws-worker --workloops ${v}'\n`)],
    [
      "compose, folded",
      "compose.yaml",
      worker(`    command: >\n      w\n      --workloops ${v}\n`),
    ],
    ["compose, sh -c", "compose.yaml", worker(`    command: ["sh", "-c", "w --workloops ${v}"]\n`)],
    [
      "compose, entrypoint",
      "compose.yaml",
      worker(`    entrypoint: ["sh", "-c"]\n    command: ["w --workloops ${v}"]\n`),
    ],
    ["a manifest", "pod.yaml", pod(`      args: ["sh", "-c", "w --workloops ${v}"]\n`)],
    [
      "a manifest, list",
      "pod.yaml",
      pod(`      args:\n        - sh\n        - -c\n        - w --workloops ${v}\n`),
    ],
    ["a unit", "w.service", unit(`ExecStart=/bin/sh -c 'exec w --workloops ${v}'`)],
    ["Ansible", "play.yml", `- hosts: a\n  tasks:\n    - shell: ws-worker --workloops ${v}\n`],
    ["cloud-init", "user.yaml", `runcmd:\n  - ws-worker --workloops ${v}\n`],
  ],
  "yaml-alias": [
    ["compose", "compose.yaml", variables("*:5"), "*:5"],
    [
      "compose, braces",
      "compose.yaml",
      worker("    environment: { WORKER_WORKLOOPS: *:5, B: 2 }\n"),
      "*:5",
    ],
    ["compose, argument", "compose.yaml", worker('    command: ["--workloops", *:5]\n'), "*:5"],
    [
      "compose, argument below",
      "compose.yaml",
      worker("    command:\n      - --workloops\n      - *:5\n"),
      "*:5",
    ],
    ["more groups", "compose.yaml", variables("*:5 fast_lane:1"), "*:5 fast_lane:1"],
    [
      "a manifest",
      "pod.yaml",
      pod("      env:\n        - name: WORKER_WORKLOOPS\n          value: *:5\n"),
      "*:5",
    ],
    [
      "a ConfigMap",
      "c.yaml",
      "apiVersion: v1\nkind: ConfigMap\ndata:\n  WORKER_WORKLOOPS: *:5\n",
      "*:5",
    ],
    ["Helm values", "values.yaml", "worker:\n  workloops: *:5\n", "*:5"],
    [
      "a workflow",
      ".github/workflows/a.yml",
      "on: push\nenv:\n  WORKER_WORKLOOPS: *:5\njobs: {}\n",
      "*:5",
    ],
    ["CRLF", "compose.yaml", variables("*:5").replaceAll("\n", "\r\n"), "*:5"],
    ["in a script", "a.sh", nested("compose.yaml", variables("*:5")), "*:5"],
  ],
  "yaml-comment-cuts": [
    ["compose", "compose.yaml", variables("fast_lane:1 #manual>*:4")],
    [
      "compose, list",
      "compose.yaml",
      worker("    environment:\n      - WORKER_WORKLOOPS=fast_lane:1 #manual>*:4\n"),
    ],
    [
      "a manifest",
      "pod.yaml",
      pod(
        "      env:\n        - name: WORKER_WORKLOOPS\n          value: fast_lane:1 #manual>*:4\n",
      ),
    ],
    ["Helm values", "values.yaml", "worker:\n  workloops: fast_lane:1 #manual>*:4\n"],
  ],
  "yaml-not-a-string": [
    [
      "a manifest",
      "pod.yaml",
      pod("      env:\n        - name: WORKER_CAPACITY\n          value: 5\n"),
      "5",
    ],
    [
      "a manifest, braces",
      "pod.yaml",
      pod("      env: [{ name: WORKER_CAPACITY, value: 5 }]\n"),
      "5",
    ],
    [
      "a ConfigMap",
      "c.yaml",
      "apiVersion: v1\nkind: ConfigMap\ndata:\n  WORKER_CAPACITY: 5\n",
      "5",
    ],
  ],
  "env-file-quotes": [
    ["never closed", ".env", `WORKER_WORKLOOPS="${v}\nA=1\n`],
    ["closed too soon", ".env", 'WORKER_WORKLOOPS="fast_lane:1" manual>*:4\n'],
    ["text behind the quote", ".env", `WORKER_WORKLOOPS="${v}";\n`],
    ["CRLF", ".env", `WORKER_WORKLOOPS="${v}\r\nA=1\r\n`],
    ["in a script", "a.sh", nested("w.env", 'WORKER_WORKLOOPS="fast_lane:1" manual>*:4\n')],
  ],
  "systemd-unquoted": [
    ["Environment", "w.service", unit(`Environment=WORKER_WORKLOOPS=${v}`)],
    ["closed too soon", "w.service", unit(`Environment=WORKER_WORKLOOPS="fast_lane:1" manual>*:4`)],
    [
      "ExecStart, closed too soon",
      "w.service",
      unit(`ExecStart=/bin/w --workloops "fast_lane:1" manual>*:4`),
    ],
    ["among others", "w.service", unit(`Environment=A=1 WORKER_WORKLOOPS=${v} B=2`)],
    ["ExecStart", "w.service", unit(`ExecStart=/bin/w --workloops ${v} --port 1`)],
    ["ExecStart with =", "w.service", unit(`ExecStart=/bin/w --workloops=${v}`)],
    ["docker", "w.service", unit(`ExecStart=/usr/bin/docker run -e WORKER_WORKLOOPS=${v} x`)],
    ["continued", "w.service", unit(`ExecStart=/bin/w \\\n  --workloops ${v} \\\n  --port 1`)],
    ["in a script", "a.sh", nested("w.service", unit(`Environment=WORKER_WORKLOOPS=${v}`))],
  ],
  "dockerfile-unquoted": [
    ["ENV", "Dockerfile", `FROM openfn/ws-worker:v1.25.0\nENV WORKER_WORKLOOPS=${v}\n`],
    ["closed too soon", "Dockerfile", `FROM x\nENV WORKER_WORKLOOPS="fast_lane:1" manual>*:4\n`],
    ["among others", "Dockerfile", `FROM x\nENV A=1 WORKER_WORKLOOPS=${v} B=2\n`],
    ["continued", "Dockerfile", `FROM x\nENV A=1 \\\n    WORKER_WORKLOOPS=${v} \\\n    B=2\n`],
    ["ARG", "Dockerfile", `FROM x\nARG WORKER_WORKLOOPS=${v}\n`],
  ],
};

/** Where the value arrives all the same: when no file matches the pattern, and beside the text that is too much. */
const arrives = new Set(["a pattern", "text behind the quote"]);

/** Everything that the processes of a file receive. */
function received(path: string, text: string): (string | undefined)[] {
  const { processes } = openDocument(path, text);
  return processes.flatMap(({ given }) => given.map(({ value }) => value?.text));
}

async function codes(folder: string): Promise<string[]> {
  const { out } = await workloops(folder, ["lint", ".", "--format", "json"]);
  const report = JSON.parse(out) as {
    files: { diagnostics: { code: string; severity: string }[] }[];
  };
  return report.files.flatMap(({ diagnostics }) =>
    diagnostics.flatMap(({ code, severity }) => (severity === "hint" ? [] : code)),
  );
}

describe.each(Object.entries(rows))("%s", (code, files) => {
  it.each(files.map(([name, ...file]) => ({ name, file })))("$name", async ({ name, file }) => {
    const [path, text, meant = v] = file;
    const folder = folderWith({ [path]: text });
    const now = () => readFileSync(join(folder, path), "utf8");
    expect(await codes(folder)).toEqual([code]);
    if (code !== "yaml-not-a-string") {
      expect(received(path, text).includes(meant)).toBe(arrives.has(name));
    }
    const args = ["lint", ".", code === "yaml-comment-cuts" ? "--unsafe-fixes" : "--fix"];
    await workloops(folder, args);
    const mended = now();
    expect(received(path, mended)).toContain(meant);
    expect(await codes(folder)).toEqual([]);
    // What needs no mending is left alone, to the byte.
    await workloops(folder, args);
    expect(now()).toBe(mended);
    // Nothing but the value and what is around it has changed.
    const lines = (all: string) => all.split("\n").length;
    expect(lines(mended)).toBe(lines(text));
  });
});

it("quotes of an env file are taken out of that file, where docker reads it", async () => {
  const folder = folderWith({
    "a.sh": "docker run --env-file w.list openfn/ws-worker:v1.25.0\n",
    "w.list": `A="1"\nWORKER_WORKLOOPS="${v}"\n`,
  });
  expect(await codes(folder)).toEqual(["env-file-quotes"]);
  for (let i = 0; i < 2; i += 1) {
    await workloops(folder, ["lint", ".", "--fix"]);
    expect(readFileSync(join(folder, "w.list"), "utf8")).toBe(`A="1"\nWORKER_WORKLOOPS=${v}\n`);
    expect(await codes(folder)).toEqual([]);
  }
});

it.each([
  ["compose.yaml", variables(v).replace("310s", "3s"), "stop_grace_period: 310s"],
  ["compose.yaml", variables(v).replace("310s", '"1m"'), 'stop_grace_period: "310s"'],
  [
    "pod.yaml",
    pod(`      env: [{ name: WORKER_WORKLOOPS, value: "${v}" }]\n`).replace(": 310", ": 30"),
    "Seconds: 310\n",
  ],
  [
    "w.service",
    unit(`Environment="WORKER_WORKLOOPS=${v}"`).replace("310", "30"),
    "TimeoutStopSec=310\n",
  ],
])("raises a grace period that is written: %s", async (path, text, wanted) => {
  const folder = folderWith({ [path]: text });
  expect(await codes(folder)).toEqual(["stop-grace-short"]);
  await workloops(folder, ["lint", ".", "--fix"]);
  expect(readFileSync(join(folder, path), "utf8")).toContain(wanted);
  expect(await codes(folder)).toEqual([]);
});
