import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDocument } from "@workloops/language-service";
import { describe, expect, it } from "vitest";
import { readPicture } from "./picture.ts";

const root = join(import.meta.dirname, "../fixtures");
const lanes = (n: number) => `fast_lane:1 fast_lane>*:${n}`;

/** A shape of section 8.2 of the protocol page: a fixture that has it, how it is written there, and what a worker receives by it. */
type Row = readonly [shape: string, fixture: string, written: RegExp, receives: string];

const rows: Readonly<Record<string, readonly Row[]>> = {
  "1 compose environment as a map": [
    ["NAME: value", "compose/shapes/compose.yaml", /^ {6}WORKER_WORKLOOPS: fast_lane/m, lanes(1)],
    ['NAME: "value"', "compose/shapes/compose.yaml", /^ {6}WORKER_WORKLOOPS: "/m, lanes(2)],
    ["a default", "compose/shapes/compose.yaml", /WORKLOOPS: \$\{LANES:-/, lanes(3)],
    ["inherited", "compose/shapes/compose.yaml", /^ {6}WORKER_WORKLOOPS:$/m, "nothing known"],
  ],
  "2 compose environment as a list": [
    ["- NAME=value", "compose/shapes/compose.yaml", /- WORKER_WORKLOOPS=/, lanes(4)],
    ['- "NAME=value"', "compose/shapes/compose.yaml", /- "WORKER_WORKLOOPS=/, lanes(5)],
    ["- NAME", "compose/shapes/compose.yaml", /- WORKER_WORKLOOPS$/m, "nothing known"],
  ],
  "3 compose command and entrypoint": [
    ["two items", "compose/shapes/compose.yaml", /command: \[.*"--workloops", "/, lanes(6)],
    ["one item", "compose/shapes/compose.yaml", /entrypoint: \[.*"--workloops=/, lanes(7)],
    ["one string", "compose/shapes/compose.yaml", /command: pnpm start --workloops "/, lanes(8)],
    ["one string, =", "compose/shapes/compose.yaml", /entrypoint: pnpm .*--workloops='/, lanes(9)],
    ["capacity", "compose/shapes/compose.yaml", /command: \["--capacity", "3"\]/, "--capacity 3"],
  ],
  "4 compose, what stands around": [
    ["anchor and merge", "compose/shapes/compose.yaml", /<<: \*env/, lanes(2)],
    ["env_file, string", "compose/shapes/compose.yaml", /env_file: one\.env/, "one.env"],
    ["env_file, list", "compose/shapes/compose.yaml", /env_file:\n {6}- one\.env/, "one.env"],
    ["env_file, objects", "compose/shapes/compose.yaml", /- path: one\.env/, "one.env"],
    ["limits", "compose/shapes/compose.yaml", /memory: 2048M/, "limit 2147483648"],
    ["mem_limit", "compose/shapes/compose.yaml", /mem_limit: 2g/, "limit 2147483648"],
    ["deploy.replicas", "compose/shapes/compose.yaml", /replicas: 2/, "replicas 2"],
    ["scale", "compose/shapes/compose.yaml", /scale: 2/, "replicas 2"],
  ],
  "5 env files": [
    ["NAME=value", "dotenv/shapes/.env", /^WORKER_WORKLOOPS=f/m, lanes(1)],
    ["double quotes", "dotenv/shapes/double.env", /WORKLOOPS="/, lanes(2)],
    ["single quotes", "dotenv/shapes/single.env", /WORKLOOPS='/, lanes(3)],
    ["export", "dotenv/shapes/exported.env", /^export /m, lanes(4)],
    ["comments", "dotenv/shapes/exported.env", / # a comment$/m, lanes(4)],
    ["--env-file", "shell/shapes/files.sh", /--env-file right\.list/, "right.list"],
  ],
  "6 shell": [
    ["export", "shell/shapes/start.sh", /^export WORKER_WORKLOOPS="/m, lanes(1)],
    ["NAME=… command", "shell/shapes/start.sh", /^WORKER_WORKLOOPS='.* pnpm/m, lanes(2)],
    ["here-document", "shell/shapes/start.sh", /<<END\nWORKER_WORKLOOPS=/, lanes(3)],
    ["here-document, quoted", "shell/shapes/start.sh", /<<'END'\nWORKER_WORKLOOPS="/, lanes(5)],
    ["docker run -e", "shell/shapes/start.sh", /docker run -e WORKER_WORKLOOPS='/, lanes(4)],
    ["docker run --env", "shell/shapes/start.sh", /docker run --env "/, lanes(6)],
    ["docker run -e NAME", "shell/shapes/start.sh", /-e WORKER_WORKLOOPS openfn/, lanes(1)],
    ["kubectl set env", "shell/shapes/start.sh", /kubectl set env \S+ WORKER/, lanes(8)],
    ["kubectl --env", "shell/shapes/start.sh", /kubectl set env \S+ --env=/, lanes(9)],
  ],
  "7 Dockerfile": [
    ["ENV NAME=value", "dockerfile/shapes/Dockerfile", /^ENV WORKER_WORKLOOPS="/m, lanes(1)],
    ["ENV NAME value", "dockerfile/shapes/Dockerfile", /^ENV WORKER_WORKLOOPS f/m, lanes(2)],
    ["ARG", "dockerfile/shapes/Dockerfile", /^ARG WORKER_WORKLOOPS=/m, lanes(3)],
    ["CMD", "dockerfile/shapes/Dockerfile", /^CMD \[/m, lanes(4)],
    ["ENTRYPOINT", "dockerfile/shapes/Dockerfile", /^ENTRYPOINT \[/m, lanes(5)],
  ],
  "8 Kubernetes": [
    [
      "name, value",
      "kubernetes/shapes/workers.yaml",
      /- name: WORKER_WORKLOOPS\n\s+value/,
      lanes(1),
    ],
    ["value, name", "kubernetes/shapes/workers.yaml", /- value: .*\n\s+name: WORKER_W/, lanes(2)],
    ["args and command", "kubernetes/shapes/workers.yaml", /args: \["--workloops"/, lanes(3)],
    ["a number", "kubernetes/shapes/workers.yaml", /value: 500/, "WORKER_MAX_RUN_MEMORY_MB 500"],
    ["valueFrom", "kubernetes/shapes/workers.yaml", /configMapKeyRef/, "key broken of lanes"],
    ["valueFrom, secret", "kubernetes/shapes/workers.yaml", /secretKeyRef/, "key secret of lanes"],
    ["envFrom", "kubernetes/shapes/workers.yaml", /configMapRef/, "config-map lanes"],
    ["envFrom, secret", "kubernetes/shapes/workers.yaml", /secretRef/, "secret lanes"],
    ["memory", "kubernetes/shapes/workers.yaml", /limits: \{ memory: 2Gi/, "limit 2147483648"],
    ["replicas", "kubernetes/shapes/workers.yaml", /replicas: 2/, "replicas 2"],
    ["grace", "kubernetes/shapes/workers.yaml", /terminationGrace\w+: 320/, "grace 320"],
    ["StatefulSet", "kubernetes/shapes/workers.yaml", /kind: StatefulSet/, "StatefulSet pairs"],
    ["Job", "kubernetes/shapes/workers.yaml", /kind: Job/, "Job reversed"],
    ["Pod", "kubernetes/shapes/workers.yaml", /kind: Pod/, "Pod arguments"],
    ["Deployment in a List", "kubernetes/shapes/workers.yaml", /kind: List/, "Deployment keyed"],
    ["several documents", "kubernetes/shapes/workers.yaml", /^---$/m, "Pod from"],
    [
      "Kustomize literals",
      "kubernetes/shapes/kustomization.yaml",
      /- WORKER_WORKLOOPS=f/,
      lanes(7),
    ],
    ["quoted literals", "kubernetes/shapes/kustomization.yaml", /- WORKER_WORKLOOPS="/, lanes(8)],
    ["Kustomize patch", "kubernetes/shapes/kustomization.yaml", /- patch: \|-/, lanes(9)],
  ],
  "9 ConfigMaps and Secrets": [
    ["data", "kubernetes/shapes/objects.yaml", /kind: ConfigMap/, lanes(4)],
    ["stringData", "kubernetes/shapes/objects.yaml", /stringData:\n {2}WORKER_W/, lanes(5)],
    ["base64", "kubernetes/shapes/objects.yaml", /WORKER_WORKLOOPS: Zm/, lanes(6)],
  ],
  "10 Helm": [
    ["worker.workloops", "helm/shapes/values.yaml", /worker:\n {2}workloops/, lanes(1)],
    ["env map", "helm/shapes/values.yaml", /env:\n {2}WORKER_W/, lanes(2)],
    ["extraEnv list", "helm/shapes/values.yaml", /extraEnv:\n {2}- name/, lanes(3)],
    ["--set", "helm/shapes/install.sh", /env\[0\]\.name=/, lanes(4)],
    ["templates", "helm/shapes/templates/_env.tpl", /\{\{- define/, lanes(5)],
  ],
  "11 ECS, Terraform, CloudFormation": [
    ["environment", "ecs/shapes/task.json", /"environment"/, lanes(1)],
    ["command", "ecs/shapes/task.json", /"command"/, lanes(2)],
    ["memory", "ecs/shapes/task.json", /"memory": 4096/, "limit 4294967296"],
    ["HCL map", "ecs/shapes/main.tf", /WORKER_WORKLOOPS = "/, lanes(3)],
    ["HCL blocks", "ecs/shapes/main.tf", /name {2}= "WORKER/, lanes(4)],
    ["jsonencode", "ecs/shapes/main.tf", /jsonencode/, lanes(5)],
    ["CloudFormation", "ecs/shapes/template.json", /"Name": "WORKER_W/, lanes(8)],
  ],
  "12 systemd": [
    [
      "Environment=NAME=value",
      "systemd/shapes/worker.service",
      /=WORKER_SECRET=/,
      "WORKER_SECRET x",
    ],
    ['Environment="NAME=a b"', "systemd/shapes/worker.service", /="WORKER_W/, lanes(1)],
    ["EnvironmentFile", "systemd/shapes/worker.service", /EnvironmentFile=w/, "worker.conf"],
    ["ExecStart", "systemd/shapes/flags.service", /ExecStart=.* --workloops "/, lanes(2)],
    ["MemoryMax", "systemd/shapes/worker.service", /MemoryMax=4G/, "limit 4294967296"],
  ],
  "13 others": [
    ["Procfile", "other/shapes/Procfile", /^worker:/m, lanes(1)],
    ["PM2", "other/shapes/ecosystem.config.cjs", /env: \{/, lanes(2)],
    ["fly.toml", "other/shapes/fly.toml", /\[env\]/, lanes(4)],
    ["Nomad", "other/shapes/worker.nomad", /env \{/, lanes(5)],
    ["Ansible", "other/shapes/playbook.yml", /docker_container/, lanes(6)],
    ["Vagrant", "other/shapes/Vagrantfile", /=>/, lanes(8)],
    ["Swarm", "other/shapes/stack.yml", /mode: replicated/, lanes(9)],
    ["CI, GitHub", "ci/shapes/.github/workflows/lanes.yml", /matrix:/, lanes(1)],
    ["CI, GitLab", "ci/shapes/.gitlab-ci.yml", /script:/, lanes(4)],
    ["Elixir", "other/shapes/runtime.exs", /env: \[WORKER_W/, lanes(10)],
  ],
};

/** Everything that a document says of workers, one text for each thing. */
function read(fixture: string, text: string): string[] {
  return openDocument(fixture, text).processes.flatMap((process) => [
    process.name,
    process.name.replace(/^container \S+ of /, ""),
    ...process.given.flatMap(({ name, value, source }) => [
      value?.text ?? "nothing known",
      `${name} ${value?.text ?? ""}`,
      ...(source === undefined ? [] : [`key ${source.key} of ${source.name}`]),
    ]),
    ...process.links.map((link) => {
      if (link.kind === "object") return `${link.object} ${link.name}`;
      return "path" in link ? (link.path ?? "") : link.paths.join();
    }),
    `limit ${process.memoryLimit?.value}`,
    `replicas ${process.replicas?.value}`,
    `grace ${process.stopGrace?.value}`,
  ]);
}

describe.each(Object.entries(rows))("%s", (_, shapes) => {
  it.each(shapes)("%s", (_shape, fixture, written, receives) => {
    const { text } = readPicture(readFileSync(join(root, fixture), "utf8"));
    expect(text).toMatch(written);
    expect(read(fixture, text)).toContain(receives);
  });
});
