import { diagnose, openDocument } from "@workloops/language-service";
import { describe, expect, it } from "vitest";
import {
  optionOfVariable,
  variableNames,
} from "../../packages/language-service/src/worker-options.ts";
import { optionTable, otherVariables } from "../../packages/worker/src/options/option-table.ts";

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
};

describe("other programs", () => {
  it.each(Object.entries(corpus))("%s gives no finding", async (path, text) => {
    expect((await diagnose(openDocument(path, text))).map(({ message }) => message)).toEqual([]);
  });
});

it("knows every variable of the worker, and no other", () => {
  const read = optionTable
    .flatMap(({ variables }) => variables)
    .filter((name) => name.startsWith("WORKER_"));
  expect(read.filter((name) => optionOfVariable(name) === undefined)).toEqual([]);
  const known = new Set([...read, ...otherVariables, "WORKER_QUEUES"]);
  expect(variableNames.filter((name) => !known.has(name))).toEqual([]);
});
