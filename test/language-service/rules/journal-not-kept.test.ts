import { it } from "vitest";
import { calm, expectPictures } from "../picture.ts";

it.each([
  [
    "no volume, another volume, the right one, one above it",
    "compose.yaml",
    `
services:
  a:
  ^ journal-not-kept
    image: workloops:0.1.0
  b:
  ^ journal-not-kept
    image: registry.example.org/workloops:0.1.0
    environment:
      WORKER_STATE_DIR: /state
    volumes: ["adaptors:/adaptors"]
  c:
    image: workloops:0.1.0
    environment:
      WORKER_STATE_DIR: /state/
    volumes: ["state:/state"]
  d:
    image: workloops:0.1.0
    command: --state-dir /data/state
    volumes: ["data:/data"]
`,
  ],
  [
    "a journal that is turned off, by flag and by variable, and on again",
    "compose.yaml",
    `
services:
  a:
    image: workloops:0.1.0
    command: --no-journal
  b:
    image: workloops:0.1.0
    command: ["--no-journal", "--workloops", "*:5"]
  c:
    image: workloops:0.1.0
    environment: [WORKER_JOURNAL=false]
  d:
    image: workloops:0.1.0
    environment: [WORKER_JOURNAL=0]
  e:
  ^ journal-not-kept
    image: workloops:0.1.0
    environment: [WORKER_JOURNAL=false]
    command: --journal
  f:
  ^ journal-not-kept
    image: workloops:0.1.0
    command: --no-journal=false
  g:
    image: workloops:0.1.0
    environment: [WORKER_JOURNAL]
  h:
    image: workloops:0.1.0
    command: --journal false
`,
  ],
  [
    "OpenFn's own worker keeps none; one that is given a folder for it is not that",
    "compose.yaml",
    `
services:
  a:
    image: openfn/ws-worker:v1.25.0
  b:
  ^ journal-not-kept
    build: .
    environment:
      WORKER_WORKLOOPS: "*:5"
      WORKER_STATE_DIR: /state
  c:
    image: workloops:0.1.0
    environment:
      WORKER_STATE_DIR: \${WHERE}
`,
  ],
  [
    "a container of a pod without a mount for it",
    "pod.yaml",
    `
apiVersion: v1
kind: Pod
metadata:
  name: p
spec:
  containers:
    - name: w
            ^ journal-not-kept
      image: workloops:0.1.0
      env: [{ name: WORKER_STATE_DIR, value: /state }]
      volumeMounts: [{ name: tmp, mountPath: /tmp }]
    - name: v
      image: workloops:0.1.0
      env: [{ name: WORKER_STATE_DIR, value: /state }]
      volumeMounts: [{ name: state, mountPath: /state }]
`,
  ],
])("%s", (_, path, picture) => expectPictures({ [path]: picture }, calm("journal-not-kept")));
