import { diagnose, openDocument } from "@workloops/language-service";
import { describe, expect, it } from "vitest";
import {
  optionOfVariable,
  variableNames,
} from "../../packages/language-service/src/worker-options.ts";
import { optionTable, otherVariables } from "../../packages/worker/src/options/option-table.ts";
import { filesWorkspace } from "./picture.ts";

/** Files of other programs that use the same names for their own things. */
const corpus: Readonly<Record<string, string>> = {
  "celery/compose.yaml": `services:
  worker:
    image: registry.example.org/shop:2.1
    command: celery -A shop worker --queues default,mail --capacity 4
    environment:
      WORKER_QUEUES: default,mail
      WORKER_CAPACITY: 4
      WORKER_CONCURRENCY: 8
    mem_limit: 256m
`,
  "sidekiq/compose.yaml": `services:
  sidekiq:
    image: ruby:3.3
    environment: [WORKER_QUEUES=default, WORKER_CAPACITY=5, "WORKER_TIMEOUT=30"]
    command: bundle exec sidekiq --queues critical,default
`,
  "laravel/worker.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: queue }
spec:
  template:
    spec:
      containers:
        - name: queue
          image: php:8.3
          args: ["artisan", "queue:work", "--queues", "high,default"]
          env:
            - { name: WORKER_CAPACITY, value: "5" }
            - { name: WORKER_NAME, value: queue }
          resources: { limits: { memory: 64Mi } }
`,
  "buildkite/.env": "WORKER_CAPACITY=5\nWORKER_QUEUES=builders\nWORKER_TOKEN=x\n",
  "airflow/values.yaml": `workers:
  replicas: 2
  env:
    - { name: WORKER_CAPACITY, value: "16" }
    - { name: WORKER_QUEUES, value: "default,kubernetes" }
`,
  "ci/.gitlab-ci.yml": `variables:
  WORKER_CAPACITY: "2"
test:
  script:
    - celery worker --queues a,b > log 2>&1 &
    - docker run -d -e WORKER_CAPACITY=2 registry.example.org/worker:latest
`,
  "scripts/start.sh": `#!/bin/sh
export WORKER_CAPACITY=5
exec celery worker --queues a,b --capacity 5 > "$LOG" 2>&1
`,
  "tasks/task.json": `{ "containerDefinitions": [{ "name": "w", "image": "x", "memory": 128, "environment": [{ "name": "WORKER_CAPACITY", "value": "5" }] }] }`,
  "unit/worker.service":
    "[Service]\nEnvironment=WORKER_CAPACITY=5\nExecStart=/usr/bin/worker --queues a,b\n",
  "image/Dockerfile":
    "FROM python:3.12\nENV WORKER_CAPACITY=5 WORKER_QUEUES=default\nCMD celery worker --queues default\n",
  "terraform/main.tf": 'environment = { WORKER_CAPACITY = "5", WORKER_QUEUES = "a,b" }\n',
  "lightning/compose.yaml": `services:
  db: { image: "postgres:16", environment: { POSTGRES_PASSWORD: x } }
  web:
    image: openfn/lightning:v2.14.0
    command: sh -c "mix ecto.migrate && mix phx.server > /var/log/web 2>&1"
    environment:
      WORKER_RUNS_PRIVATE_KEY: x
      WORKER_SECRET: x
    mem_limit: 512m
`,
  "n8n/compose.yaml": `services:
  n8n-worker:
    image: n8nio/n8n:1.70.1
    command: worker --concurrency=5
    environment: [EXECUTIONS_MODE=queue, QUEUE_BULL_REDIS_HOST=redis, WORKER_NAME=n8n]
    stop_grace_period: 5s
`,
  "temporal/deployment.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: worker, labels: { app: workloops-like } }
spec:
  replicas: 0
  selector: { matchLabels: { app: worker } }
  template:
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: worker
          image: registry.example.org/temporal-worker:latest
          command: ["worker", "--queues", "default,urgent", "--capacity", "6"]
          env:
            - { name: WORKER_CAPACITY, value: "" }
            - { name: WORKER_TASK_QUEUES, value: "a,b" }
          resources: { limits: { memory: 64Mi } }
`,
  "airbyte/.env":
    "MAX_SYNC_WORKERS=5\nWORKER_ENVIRONMENT=docker\nWORKER_LOGS=x\nWORKER_CAPACITY=\n",
  "kafka/compose.yml": `x-worker: &worker { image: "confluentinc/cp-kafka-connect:7.6.0" }
services:
  connect-1: { <<: *worker, environment: { CONNECT_WORKER_ID: 1, WORKER_QUEUES: "*" } }
  connect-2: { <<: *worker, entrypoint: ["sh", "-c", "exec connect > /dev/null"] }
`,
  "gitlab/.gitlab-ci.yml": `include:
  - local: ci/worker.yml
variables: { WORKER_QUEUES: "a:1 b:2,c" }
worker:
  script:
    - bundle exec sidekiq -q default -q mailers > sidekiq.log
    - celery worker --queues fast --capacity 3 &
`,
  "github/.github/workflows/ci.yml": `on: push
env: { WORKER_CAPACITY: 4 }
jobs:
  test:
    runs-on: ubuntu-24.04
    strategy: { matrix: { queues: ["a:1", "b>c:2"] } }
    steps:
      - run: cargo test > log
      - run: ./worker --queues "\${{ matrix.queues }}" --capacity 4
`,
  "include/compose.yaml":
    "include:\n  - path: [a.yaml, b.yaml]\nservices: { a: { image: redis } }\n",
  "systemd/sidekiq.service":
    "[Service]\nEnvironment=WORKER_QUEUES=default mailers\nExecStart=/usr/bin/bundle exec sidekiq > /dev/null\nTimeoutStopSec=1\nMemoryMax=64M\n",
  "systemd/docker.service":
    "[Service]\nExecStart=/usr/bin/docker run --env-file worker.env -e WORKER_CAPACITY=5 -m 64m example/worker:latest --queues a,b\n",
  "procfile/Procfile": "worker: celery -A app worker --queues high,low > log\n",
  "node/package.json":
    '{ "scripts": { "worker": "node worker.js --queues a,b --capacity 5 > log" }, "dependencies": { "workloops": "0.1.0" } }',
  "node/package-lock.json": '{ "packages": { "node_modules/workloops": { "version": "0.1.0" } } }',
  "helm/templates/worker.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: {{ .Release.Name }}-worker }
spec:
  template:
    spec:
      containers:
        - name: worker
          image: "{{ .Values.image }}"
          args: ["--queues", "{{ .Values.queues }}", "--capacity", "{{ .Values.capacity }}"]
          env: [{ name: WORKER_CAPACITY, value: "{{ .Values.capacity }}" }]
`,
  "prose/notes.yaml":
    "description: the workloops of OpenFn, see --workloops and WORKER_WORKLOOPS\n",
  "prose/readme.sh":
    "# ws-worker --workloops manual>*:5\ngrep WORKER_WORKLOOPS= .env\necho 'set WORKER_WORKLOOPS first'\n",
  "nomad/job.nomad":
    'job "x" { task "worker" { env { WORKER_CAPACITY = "5" WORKER_QUEUES = "a>b:1,c" } } }\n',
  "vector/vector.toml": '[sources.worker]\nqueues = "a>b:1"\n[env]\nWORKER_CAPACITY = "5"\n',
};

describe("other programs", () => {
  it.each(Object.entries(corpus))("%s gives no finding", async (path, text) => {
    expect((await diagnose(openDocument(path, text))).map(({ message }) => message)).toEqual([]);
  });
});

it("a service is no worker by an env file that it shares with one", async () => {
  const files = {
    "compose.yaml": `services:
  db: { image: "postgres:16", env_file: .env, stop_grace_period: 1s, mem_limit: 64m }
  web: { build: ., env_file: [.env], stop_grace_period: 1s, command: mix phx.server }
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    volumes: ["a:/repo"]
    env_file: .env
`,
    ".env": "WORKER_WORKLOOPS=fast_lane:1 fast_lane>*:4\n",
  };
  const workspace = filesWorkspace(files);
  const found = await diagnose(openDocument("compose.yaml", files["compose.yaml"]), { workspace });
  expect(found.map(({ message }) => message)).toEqual([]);
  // Of a service that has the file for itself it tells that it is one.
  const alone = files["compose.yaml"].replace(/^ {2}(?:db|web): .*\n/gm, "").replace("310s", "1s");
  const own = alone.replace("openfn/ws-worker:v1.25.0", "registry.example.org/lanes:2");
  const told = await diagnose(openDocument("compose.yaml", own), { workspace });
  expect(told.map(({ code }) => code)).toEqual(["stop-grace-short"]);
});

it("knows every variable of the worker, and no other", () => {
  const read = optionTable
    .flatMap(({ variables }) => variables)
    .filter((name) => name.startsWith("WORKER_"));
  expect(read.filter((name) => optionOfVariable(name) === undefined)).toEqual([]);
  const known = new Set([...read, ...otherVariables, "WORKER_QUEUES"]);
  expect(variableNames.filter((name) => !known.has(name))).toEqual([]);
});
