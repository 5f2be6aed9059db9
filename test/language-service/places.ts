import { type Document, openDocument, type Value } from "@workloops/language-service";

/** A place where a value can be written: a file around `@`, and how the value is written there. */
export interface Place {
  readonly name: string;
  readonly path: string;
  /** The whole file; the value in it is `fast_lane:1 manual>*:4` unless the row says otherwise. */
  readonly text: string;
  readonly value?: string;
}

const v = "fast_lane:1 manual>*:4";
const compose = (body: string) => `services:\n  w:\n    image: x\n${body}    restart: always\n`;
const env = (written: string) =>
  compose(`    environment:\n      A: "1"\n      WORKER_WORKLOOPS: ${written}\n      B: 2\n`);
const pod = (written: string) =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: w\n      env:\n        - name: WORKER_WORKLOOPS\n          value: ${written}\n        - name: B\n          value: "2"\n`;

/** Every quoting of every host, each with one value in it. */
export const places: readonly Place[] = [
  { name: "a .workloops file", path: "lanes.workloops", text: v },
  { name: ".env, plain", path: ".env", text: `A=1\nWORKER_WORKLOOPS=${v}\nB=2\n` },
  { name: ".env, double quotes", path: ".env", text: `A=1\nWORKER_WORKLOOPS="${v}"\nB=2\n` },
  { name: ".env, single quotes", path: ".env", text: `A=1\nWORKER_WORKLOOPS='${v}'\nB=2\n` },
  { name: "compose map, plain", path: "compose.yaml", text: env(v) },
  { name: "compose map, double quotes", path: "compose.yaml", text: env(`"${v}"`) },
  { name: "compose map, single quotes", path: "compose.yaml", text: env(`'${v}'`) },
  {
    name: "compose map, escapes",
    path: "compose.yaml",
    text: env(`"fast\\u005flane:1\\x20manual>*:4"`),
  },
  {
    name: "compose map, folded",
    path: "compose.yaml",
    text: env(`>-\n        fast_lane:1\n        manual>*:4`),
  },
  {
    name: "compose map, literal",
    path: "compose.yaml",
    text: env(`|-\n        fast_lane:1\n        manual>*:4`),
    value: "fast_lane:1\nmanual>*:4",
  },
  {
    name: "compose map, literal kept",
    path: "compose.yaml",
    text: env(`|+\n        fast_lane:1\n`),
    value: "fast_lane:1\n\n",
  },
  {
    name: "compose map, literal clipped",
    path: "compose.yaml",
    text: env(`|\n        fast_lane:1\n`),
    value: "fast_lane:1\n",
  },
  {
    name: "compose map, indentation said",
    path: "compose.yaml",
    text: env(`|2-\n        fast_lane:1`),
    value: "fast_lane:1",
  },
  {
    name: "compose map, plain over lines",
    path: "compose.yaml",
    text: env(`fast_lane:1\n        manual>*:4`),
  },
  {
    name: "compose map, quoted over lines",
    path: "compose.yaml",
    text: env(`"fast_lane:1\n        manual>*:4"`),
  },
  {
    name: "compose map, broken with a backslash",
    path: "compose.yaml",
    text: env(`"fast_lane:1 \\\n        manual>*:4"`),
  },
  { name: "compose map, CRLF", path: "compose.yaml", text: env(v).replaceAll("\n", "\r\n") },
  {
    name: "compose map, in braces",
    path: "compose.yaml",
    text: compose(`    environment: { A: 1, WORKER_WORKLOOPS: ${v}, B: 2 }\n`),
  },
  { name: "compose default", path: "compose.yaml", text: env("${LOOPS:-fast_lane:1 manual>*:4}") },
  {
    name: "compose list",
    path: "compose.yaml",
    text: compose(`    environment:\n      - A=1\n      - WORKER_WORKLOOPS=${v}\n`),
  },
  {
    name: "compose list, quoted",
    path: "compose.yaml",
    text: compose(`    environment:\n      - "WORKER_WORKLOOPS=${v}"\n`),
  },
  {
    name: "compose command, list",
    path: "compose.yaml",
    text: compose(`    command: ["ws-worker", "--workloops", "${v}"]\n`),
  },
  {
    name: "compose command, list with equals",
    path: "compose.yaml",
    text: compose(`    command:\n      - --workloops=${v}\n`),
  },
  {
    name: "compose command, string",
    path: "compose.yaml",
    text: compose(`    command: ws-worker --workloops "${v}" --port 1\n`),
  },
  {
    name: "compose command, sh -c",
    path: "compose.yaml",
    text: compose(`    command: ["sh", "-c", "exec ws-worker --workloops '${v}'"]\n`),
  },
  { name: "manifest, plain", path: "pod.yaml", text: pod(v) },
  { name: "manifest, quoted", path: "pod.yaml", text: pod(`"${v}"`) },
  {
    name: "secret",
    path: "secret.yaml",
    text: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  WORKER_WORKLOOPS: ${Buffer.from(v).toString("base64")}\n`,
  },
  {
    name: "helm values",
    path: "values.yaml",
    text: `worker:\n  env:\n    WORKER_WORKLOOPS: ${v}\n`,
  },
  {
    name: "Dockerfile, equals",
    path: "Dockerfile",
    text: `FROM x\nENV A=1 WORKER_WORKLOOPS="${v}" B=2\n`,
  },
  {
    name: "Dockerfile, space",
    path: "Dockerfile",
    text: `FROM x\nENV WORKER_WORKLOOPS ${v}\nENV B=2\n`,
  },
  {
    name: "Dockerfile, continued",
    path: "Dockerfile",
    text: `FROM x\nENV A=1 \\\n  # why\n  WORKER_WORKLOOPS="${v}"\n`,
  },
  {
    name: "Dockerfile, CMD list",
    path: "Dockerfile",
    text: `FROM x\nCMD ["ws-worker", "--workloops", "${v}"]\n`,
  },
  {
    name: "Dockerfile, CMD string",
    path: "Dockerfile",
    text: `FROM x\nCMD ws-worker --workloops '${v}'\n`,
  },
  {
    name: "shell, single quotes",
    path: "start.sh",
    text: `A=1\nexport WORKER_WORKLOOPS='${v}'\nB=2\n`,
  },
  { name: "shell, double quotes", path: "start.sh", text: `export WORKER_WORKLOOPS="${v}"\n` },
  {
    name: "shell, backslashes",
    path: "start.sh",
    text: `export WORKER_WORKLOOPS=fast_lane:1\\ manual\\>\\*:4\n`,
  },
  {
    name: "shell, mixed quotes",
    path: "start.sh",
    text: `export WORKER_WORKLOOPS=fast_lane:1" manual"'>*:4'\n`,
  },
  { name: "shell, flag", path: "start.sh", text: `ws-worker --workloops '${v}' --port 1\n` },
  { name: "shell, flag with equals", path: "start.sh", text: `ws-worker --workloops='${v}'\n` },
  {
    name: "shell, docker",
    path: "start.sh",
    text: `docker run -e WORKER_WORKLOOPS='${v}' openfn/ws-worker\n`,
  },
  {
    name: "shell, docker, quotes behind the name",
    path: "start.sh",
    text: `docker run -e WORKER_WORKLOOPS="${v}" openfn/ws-worker\n`,
  },
  {
    name: "shell, here-document",
    path: "start.sh",
    text: `cat > .env <<'END'\nWORKER_WORKLOOPS="${v}"\nEND\necho\n`,
  },
  {
    name: "shell, here-document of a unit",
    path: "start.sh",
    text: `cat > w.service <<'END'\n[Service]\nEnvironment="WORKER_WORKLOOPS=${v}"\nEND\n`,
  },
  {
    name: "shell, here-document of a manifest",
    path: "start.sh",
    text: `kubectl apply -f - <<'END'\n${pod(`"${v}"`)}END\n`,
  },
  {
    name: "ConfigMap, an env file in it",
    path: "config.yaml",
    text: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  worker.env: |\n    A=1\n    WORKER_WORKLOOPS="${v}"\n`,
  },
  {
    name: "shell, helm --set",
    path: "start.sh",
    text: `helm upgrade w . --set 'env[0].name=WORKER_WORKLOOPS,env[0].value=${v}'\n`,
  },
  {
    name: "shell, a line for a file",
    path: "start.sh",
    text: `echo 'WORKER_WORKLOOPS=${v}' >> .env\n`,
  },
  {
    name: "terraform, blocks",
    path: "main.tf",
    text: `env {\n  name  = "WORKER_WORKLOOPS"\n  value = "${v}"\n}\n`,
  },
  {
    name: "Elixir",
    path: "runtime.exs",
    text: `[{"A", "1"}, {"WORKER_WORKLOOPS", "${v}"}]\n`,
  },
  {
    name: "package.json",
    path: "package.json",
    text: `{ "scripts": { "start": "ws-worker --workloops '${v}'" } }\n`,
  },
  {
    name: "package.json, double quotes",
    path: "package.json",
    text: `{ "scripts": { "start": "ws-worker --workloops \\"${v}\\"" } }\n`,
  },
  {
    name: "workflow",
    path: ".github/workflows/a.yml",
    text: `on: push\nenv:\n  WORKER_WORKLOOPS: ${v}\njobs: {}\n`,
  },
  {
    name: "workflow, script",
    path: ".github/workflows/a.yml",
    text: `on: push\njobs:\n  a:\n    steps:\n      - run: |\n          echo\n          ws-worker --workloops '${v}'\n          echo\n`,
  },
  {
    name: "task definition",
    path: "task.json",
    text: `{ "containerDefinitions": [{ "environment": [{ "name": "WORKER_WORKLOOPS", "value": "${v}" }] }] }\n`,
  },
  {
    name: "systemd, whole assignment",
    path: "w.service",
    text: `[Service]\nEnvironment="WORKER_WORKLOOPS=${v}" A=1\n`,
  },
  {
    name: "systemd, continued",
    path: "w.service",
    text: `[Service]\nExecStart=/bin/ws-worker \\\n  --workloops "${v}" \\\n  --port 1\n`,
  },
  { name: "Procfile", path: "Procfile", text: `worker: ws-worker --workloops '${v}'\nweb: x\n` },
  { name: "terraform", path: "main.tf", text: `environment = { WORKER_WORKLOOPS = "${v}" }\n` },
  {
    name: "compose entrypoint, sh -c",
    path: "compose.yaml",
    text: compose(`    entrypoint: ["sh", "-c"]\n    command: ["ws-worker --workloops '${v}'"]\n`),
  },
  {
    name: "compose, raw env file's own quotes",
    path: "compose.yaml",
    text: env(`'\${LOOPS-${v}}'`),
  },
  {
    name: "Kustomize literal, quotes inside",
    path: "kustomization.yaml",
    text: `configMapGenerator:\n  - name: c\n    literals:\n      - WORKER_WORKLOOPS="${v}"\n`,
  },
  {
    name: "Kustomize patch in a block",
    path: "kustomization.yaml",
    text: `patches:\n  - patch: |-\n      - op: add\n        path: /x\n        value: { name: WORKER_WORKLOOPS, value: "${v}" }\n`,
  },
  {
    name: "Helm template",
    path: "templates/c.yaml",
    text: `apiVersion: v1\nkind: ConfigMap\ndata:\n  A: {{ .Values.a | quote }}\n  WORKER_WORKLOOPS: "${v}"\n`,
  },
  {
    name: "Helm helper",
    path: "templates/_env.tpl",
    text: `{{- define "e" -}}\n- name: WORKER_WORKLOOPS\n  value: "${v}"\n{{- end -}}\n`,
  },
  {
    name: "workflow, matrix",
    path: ".github/workflows/a.yml",
    text: `on: push\njobs:\n  a:\n    strategy: { matrix: { workloops: ["${v}"] } }\n`,
  },
  {
    name: "workflow, a line for a file",
    path: ".github/workflows/a.yml",
    text: `on: push\njobs:\n  a:\n    steps:\n      - run: echo "WORKER_WORKLOOPS=${v}" >> $GITHUB_ENV\n`,
  },
  {
    name: "pipeline, a list in a list",
    path: ".gitlab-ci.yml",
    text: `a:\n  script:\n    - ["ws-worker --workloops '${v}'"]\n`,
  },
  {
    name: "shell, printf",
    path: "start.sh",
    text: `printf 'A=1\\nWORKER_WORKLOOPS=${v}\\n' > .env\n`,
  },
  {
    name: "shell, sudo env",
    path: "start.sh",
    text: `sudo env "WORKER_WORKLOOPS=${v}" ws-worker\n`,
  },
  {
    name: "shell, service update",
    path: "start.sh",
    text: `docker service update --env-add WORKER_WORKLOOPS='${v}' w\n`,
  },
  {
    name: "shell, ssh",
    path: "start.sh",
    text: `ssh host "ws-worker --workloops '${v}'"\n`,
  },
  {
    name: "Dockerfile, script in a here-document",
    path: "Dockerfile",
    text: `FROM x\nRUN <<END\nws-worker --workloops '${v}'\nEND\nENV A=1\n`,
  },
  {
    name: "Dockerfile, file in a here-document",
    path: "Dockerfile",
    text: `FROM x\nCOPY <<END /app/.env\nWORKER_WORKLOOPS="${v}"\nEND\n`,
  },
  {
    name: "Dockerfile, ONBUILD",
    path: "Dockerfile",
    text: `FROM x\nONBUILD ENV WORKER_WORKLOOPS="${v}"\n`,
  },
  {
    name: "systemd, docker",
    path: "w.service",
    text: `[Service]\nExecStart=/usr/bin/docker run -e "WORKER_WORKLOOPS=${v}" x\n`,
  },
  {
    name: "systemd, single quotes",
    path: "w.service",
    text: `[Service]\nEnvironment='WORKER_WORKLOOPS=${v}'\n`,
  },
  {
    name: "terraform, one string",
    path: "main.tf",
    text: `env = ["WORKER_WORKLOOPS=${v}"]\n`,
  },
  {
    name: "terraform, a command",
    path: "main.tf",
    text: `command = ["--workloops", "${v}", "--port", "1"]\n`,
  },
  {
    name: "Ansible, a line",
    path: "play.yml",
    text: `- hosts: a\n  tasks:\n    - lineinfile: { path: .env, line: 'WORKER_WORKLOOPS="${v}"' }\n`,
  },
  {
    name: "Render",
    path: "render.yaml",
    text: `envVars:\n  - key: WORKER_WORKLOOPS\n    value: "${v}"\n`,
  },
];

/** The one value of a worker's workloops in a document. */
export function workloopsIn(document: Document): Value | undefined {
  const found = document.processes.flatMap(({ given }) =>
    given.filter(({ option, value }) => option === "workloops" && value !== undefined),
  );
  return found[0]?.value;
}

export function placedValue(place: Pick<Place, "path" | "text">): Value | undefined {
  return workloopsIn(openDocument(place.path, place.text));
}
