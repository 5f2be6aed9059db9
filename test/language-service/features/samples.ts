// One file of each shape in which a value is written plainly, for tests that must hold in all.
export const samples: readonly (readonly [uri: string, text: string])[] = [
  ["file:///p/lanes.workloops", "# night\nfast_lane:1\nmanual>*:4 # rest\n"],
  ["file:///p/.env", "A=1\nWORKER_WORKLOOPS=fast_lane:1 manual>*:4\nB=2\n"],
  [
    "file:///p/quoted.env",
    "export WORKER_WORKLOOPS=\"fast_lane:1 manual>*:4\" # why\nWORKER_SECRET='x'\n",
  ],
  [
    "file:///p/compose.yaml",
    `services:
  one:
    image: openfn/ws-worker:v1.25.0
    environment:
      WORKER_WORKLOOPS: "fast_lane:1 manual>*:4"
      WORKER_PORT: 2222
    stop_grace_period: 6m
    env_file: one.env
  two:
    environment:
      - WORKER_WORKLOOPS=manual>*:5
      - WORKER_LIGHTNING_SERVICE_URL=wss://l.example.org/worker
    mem_limit: 4g
  three:
    command: ["worker", "--workloops", "default:2 *:1", "--port", "1"]
  four:
    environment:
      WORKER_WORKLOOPS: fast_lane:1 default>manual:2 # both
      WORKER_CAPACITY: 5
  five:
    command: worker --workloops 'fast_lane:3' --port 1
  six:
    environment: &shared
      WORKER_WORKLOOPS: 'manual:1 *:1'
  seven:
    environment: *shared
  eight:
    environment:
      WORKER_WORKLOOPS: >-
        fast_lane:1
        manual>*:4
`,
  ],
  [
    "file:///p/deployment.yaml",
    `apiVersion: apps/v1
kind: Deployment
metadata: { name: worker }
spec:
  template:
    spec:
      containers:
        - name: worker
          image: openfn/ws-worker:v1.25.0
          env:
            - name: WORKER_WORKLOOPS
              value: "fast_lane:1 manual>*:4"
            - { name: WORKER_PORT, value: "1" }
          args: ["--workloops=manual:1"]
          resources: { limits: { memory: 4Gi } }
`,
  ],
  [
    "file:///p/Dockerfile",
    'FROM openfn/ws-worker:v1.25.0\nENV WORKER_WORKLOOPS="fast_lane:1 manual>*:4"\nCMD ["worker"]\n',
  ],
  [
    "file:///p/start.sh",
    "#!/bin/sh\nexport WORKER_WORKLOOPS=\"fast_lane:1 manual>*:4\"\nworker --workloops 'manual:1' --port 1\nWORKER_WORKLOOPS=default:2 worker\n",
  ],
  [
    "file:///p/package.json",
    '{ "scripts": { "start": "worker --workloops \'fast_lane:1 *:4\'" } }\n',
  ],
];
