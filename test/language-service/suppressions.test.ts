import { diagnose, openDocument } from "@workloops/language-service";
import { describe, expect, it } from "vitest";
import { calm } from "./picture.ts";

const v = "batch:1 manual>*:4";

/** A file of each host around a value with an unknown queue: `@` is the line in front of it, `~` its end. */
const hosts: readonly (readonly [host: string, path: string, sign: string, text: string])[] = [
  [".workloops", "a.workloops", "#", `@${v}~\n`],
  [".env", ".env", "#", `A=1\n@WORKER_WORKLOOPS=${v}~\n`],
  [
    "compose",
    "compose.yaml",
    "#",
    `services:\n  w:\n    environment:\n@      WORKER_WORKLOOPS: ${v}~\n`,
  ],
  [
    "compose list",
    "compose.yaml",
    "#",
    `services:\n  w:\n    environment:\n@      - "WORKER_WORKLOOPS=${v}"~\n`,
  ],
  [
    "manifest",
    "c.yaml",
    "#",
    `apiVersion: v1\nkind: ConfigMap\ndata:\n@  WORKER_WORKLOOPS: ${v}~\n`,
  ],
  [
    "Helm template",
    "templates/c.yaml",
    "#",
    `apiVersion: v1\nkind: ConfigMap\ndata:\n  A: {{ .Values.a }}\n@  WORKER_WORKLOOPS: ${v}~\n`,
  ],
  ["Helm values", "values.yaml", "#", `worker:\n@  workloops: ${v}~\n`],
  ["workflow", ".github/workflows/a.yml", "#", `on: push\nenv:\n@  WORKER_WORKLOOPS: ${v}~\n`],
  ["Dockerfile", "Dockerfile", "#", `FROM x\n@ENV WORKER_WORKLOOPS="${v}"\n`],
  ["shell", "a.sh", "#", `#!/bin/sh\n@export WORKER_WORKLOOPS='${v}'~\n`],
  ["systemd", "w.service", "#", `[Service]\n@Environment="WORKER_WORKLOOPS=${v}"\n`],
  ["Procfile", "Procfile", "#", `@w: ws-worker --workloops '${v}'\n`],
  ["Terraform", "a.tf", "#", `env = {\n@  WORKER_WORKLOOPS = "${v}"~\n}\n`],
  ["PM2", "a.config.cjs", "//", `module.exports = {\n@  WORKER_WORKLOOPS: "${v}",~\n};\n`],
];

const filled = (text: string, before: string, behind: string) =>
  text.replace("@", before && `${before}\n`).replace("~", behind && ` ${behind}`);

async function codes(path: string, text: string): Promise<string[]> {
  const context = { settings: calm("suppression-unused") };
  const found = await diagnose(openDocument(path, text), context);
  return found.map(({ code }) => code).sort();
}

describe.each(hosts)("%s", (_, path, sign, text) => {
  const comment = `${sign} workloops-ignore queue-unknown: ours`;

  it("tells of the queue", async () => {
    expect(await codes(path, filled(text, "", ""))).toEqual(["queue-unknown"]);
  });

  it("is silenced by the line before, and by a comment for the file", async () => {
    expect(await codes(path, filled(text, comment, ""))).toEqual([]);
    const file = comment.replace("ignore", "ignore-file");
    expect(await codes(path, `${filled(text, "", "")}\n${file}\n`)).toEqual([]);
  });

  it("is silenced by the end of the line, where a comment may stand there", async () => {
    const trails = text.includes("~");
    const line = trails ? text : text.replace(/([^\n]*manual[^\n]*)/, "$1~");
    expect(await codes(path, filled(line, "", comment))).toEqual(
      trails ? [] : expect.arrayContaining(["queue-unknown"]),
    );
  });

  it("is not silenced without a reason, or by the sign of other languages", async () => {
    const bare = `${sign} workloops-ignore queue-unknown`;
    expect(await codes(path, filled(text, bare, ""))).toEqual([
      "queue-unknown",
      "suppression-reason-missing",
    ]);
    const other = comment.replace(sign, sign === "#" ? "//" : "#").replace("ignore", "ignore-file");
    expect(await codes(path, `${filled(text, "", "")}\n${other}\n`)).toContain("queue-unknown");
  });

  it("tells of a comment that silences nothing", async () => {
    const known = filled(text, comment, "").replace("batch", "manual");
    expect(await codes(path, known)).toContain("suppression-unused");
  });
});

it.each([
  ["package.json", `{ "scripts": { "a": "ws-worker --workloops '${v}'" } }\n`],
  ["task.json", `{ "env": { "WORKER_WORKLOOPS": "${v}" } }\n`],
])("JSON has no comments: %s", async (path, text) => {
  for (const sign of ["#", "//"]) {
    const comment = `${sign} workloops-ignore-file queue-unknown: ours\n`;
    expect(await codes(path, text + comment)).toContain("queue-unknown");
  }
});

it.each([
  ["Dockerfile", `FROM x\nENV WORKER_WORKLOOPS="${v}" # workloops-ignore queue-unknown: ours\n`],
  [
    "w.service",
    `[Service]\nEnvironment="WORKER_WORKLOOPS=${v}" # workloops-ignore queue-unknown: ours\n`,
  ],
])("what stands behind a value is no comment there: %s", async (path, text) => {
  expect(await codes(path, text)).toContain("queue-unknown");
});
