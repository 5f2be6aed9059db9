import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";

const root = resolve(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const { version } = JSON.parse(read("packages/cli/package.json")) as { version: string };

/** Any part of a YAML file; what is not there reads as undefined. */
type Part = { readonly [key: string]: Part } & readonly Part[];

const objects = parseAllDocuments(read("deploy/kubernetes/worker.yaml")).map(
  (document) => document.toJS() as Part,
);
const ofKind = (kind: string): Part => {
  const found = objects.find((object) => String(object["kind"]) === kind);
  if (found === undefined) throw new Error(`worker.yaml holds no ${kind}`);
  return found;
};
const pod = ofKind("Deployment")["spec"]?.["template"]?.["spec"];
const worker = pod?.["containers"]?.[0];
const compose = (parse(read("deploy/compose.yaml")) as Part)["services"]?.["worker"];
const dockerfile = read("deploy/Dockerfile");
const unit = read("deploy/systemd/workloops-worker.service");

test("every place names the image by the version of the package", () => {
  expect(worker?.["image"]).toBe(`workloops:${version}`);
  expect(compose?.["image"]).toBe(`workloops:${version}`);
  expect(dockerfile).toContain(`-t workloops:${version}`);
  expect(unit).toContain(`workloops-${version}.tgz`);
});

test("every place knows the port of the image", () => {
  expect(dockerfile).toContain("EXPOSE 2222");
  expect(worker?.["ports"]).toEqual([{ name: "ops", containerPort: 2222 }]);
  expect(compose?.["ports"]).toEqual(["127.0.0.1:2222:2222"]);
  expect(compose?.["healthcheck"]?.["test"]).toEqual([
    "CMD",
    "node",
    "-e",
    'fetch("http://127.0.0.1:2222/livez").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))',
  ]);
});

test("liveness asks /livez, which needs no Lightning; readiness asks /readyz", () => {
  const paths = ["startupProbe", "livenessProbe", "readinessProbe"].map(
    (probe) => worker?.[probe]?.["httpGet"],
  );
  expect(paths).toEqual([
    { path: "/livez", port: "ops" },
    { path: "/livez", port: "ops" },
    { path: "/readyz", port: "ops" },
  ]);
});

test("an upgrade starts the new pod before it stops the old one", () => {
  expect(ofKind("Deployment")["spec"]?.["strategy"]?.["rollingUpdate"]).toEqual({
    maxSurge: 1,
    maxUnavailable: 0,
  });
  expect(ofKind("PersistentVolumeClaim")["spec"]?.["accessModes"]).toEqual(["ReadWriteMany"]);
});

test("the pod's memory is asked for whole, so that a node is never promised twice", () => {
  expect(worker?.["resources"]?.["requests"]?.["memory"]).toBe(
    worker?.["resources"]?.["limits"]?.["memory"],
  );
});

test("the folders of worker and volumes are those of the image", () => {
  const folders = [...dockerfile.matchAll(/WORKER_(?:REPO|STATE)_DIR=(\S+)/g)].map(
    ([, path = ""]) => path,
  );
  expect(folders).toEqual(["/var/lib/workloops/adaptors", "/var/lib/workloops/state"]);
  const data = ofKind("ConfigMap")["data"];
  expect([data?.["WORKER_REPO_DIR"], data?.["WORKER_STATE_DIR"]]).toEqual(folders);
  const mounted = (worker?.["volumeMounts"] ?? []).map((mount) => String(mount["mountPath"]));
  expect(mounted).toEqual([...folders, "/tmp"]);
  expect(compose?.["volumes"]).toEqual([`adaptors:${folders[0]}`, `state:${folders[1]}`]);
  for (const folder of folders) expect(unit).toContain(`_DIR=${folder}\n`);
});

test("every user is the image's, and none is root", () => {
  expect(dockerfile).toContain("USER 1000:1000");
  expect(pod?.["securityContext"]).toMatchObject({
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 1000,
    fsGroup: 1000,
  });
  expect(unit).toContain("DynamicUser=yes");
});

test("systemd tells the worker alone to stop, and does not start a wrong configuration again", () => {
  expect(unit).toContain("KillMode=mixed\n");
  expect(unit).toContain("RestartPreventExitStatus=2\n");
});

test("no file holds a secret", () => {
  const secret =
    /^\s*(?:- )?"?WORKER_(?:SECRET|OPS_TOKEN|LIGHTNING_PUBLIC_KEY)"?[ \t]*[=:][ \t]*(.*)$/gm;
  for (const file of ["compose.yaml", "kubernetes/worker.yaml", "systemd/worker.env"]) {
    const values = [...read(`deploy/${file}`).matchAll(secret)].map(([, value = ""]) => value);
    expect(values.filter((value) => value !== "" && !value.startsWith("${"))).toEqual([]);
  }
});
