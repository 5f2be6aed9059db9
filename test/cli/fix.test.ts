import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { copyOf, folderWith, service, workloops } from "./run-command.ts";

const draft = service('WORKER_WORKLOOPS: "fast_lane:1 manual,*:4"');

it("--fix writes what keeps the meaning, and tells of the rest", async () => {
  const folder = folderWith({
    "compose.yaml": draft,
    ".env": "WORKER_WORKLOOPS=batch:1 fast_lane>*4\n",
  });
  const { code, out } = await workloops(folder, ["lint", ".", "--fix"]);
  expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe(
    draft.replace("manual,*", "manual>*"),
  );
  expect(readFileSync(join(folder, ".env"), "utf8")).toBe(
    "WORKER_WORKLOOPS=batch:1 fast_lane>*4\n",
  );
  expect(code).toBe(1);
  expect(out).toContain("error[capacity-missing]");
  expect(out).not.toContain("legacy-comma");
});

it("--unsafe-fixes writes the others too", async () => {
  const folder = folderWith({ "compose.yaml": service("WORKER_WORKLOOPS: fast_lane:1 manual>*4") });
  const { code } = await workloops(folder, ["lint", ".", "--unsafe-fixes"]);
  expect(code).toBe(0);
  expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe(
    service("WORKER_WORKLOOPS: fast_lane:1 manual>*:4"),
  );
});

it("--diff writes nothing, and shows a diff that patch applies", async () => {
  const folder = folderWith({
    "compose.yaml": draft,
    "b/.env": "A=1\nWORKER_WORKLOOPS=manual,*:4",
  });
  const { out } = await workloops(folder, ["lint", ".", "--diff", "--format", "json=report.json"]);
  expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe(draft);
  writeFileSync(join(folder, "fix.patch"), out);
  execFileSync("git", ["apply", "fix.patch"], {
    cwd: folder,
    env: { ...process.env, GIT_CEILING_DIRECTORIES: join(folder, "..") },
  });
  expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe(
    draft.replace("manual,*", "manual>*"),
  );
  expect(readFileSync(join(folder, "b/.env"), "utf8")).toBe("A=1\nWORKER_WORKLOOPS=manual>*:4");
});

it.each([
  ["compose/trap/compose.yaml", "*:5", '"*:5"'],
  ["shell/trap/start.sh", "=fast_lane:1 manual>*:4", "='fast_lane:1 manual>*:4'"],
  [
    "systemd/trap/worker.service",
    "Environment=WORKER_WORKLOOPS=fast_lane:1 manual>*:4",
    'Environment="WORKER_WORKLOOPS=fast_lane:1 manual>*:4"',
  ],
  [
    "dockerfile/trap/Dockerfile",
    "WORKER_WORKLOOPS=fast_lane:1 manual>*:4",
    'WORKER_WORKLOOPS="fast_lane:1 manual>*:4"',
  ],
  [
    "package-json/trap/package.json",
    '--workloops fast_lane:1 manual>*:4"',
    "--workloops 'fast_lane:1 manual>*:4'\"",
  ],
  ["ci/trap/.gitlab-ci.yml", "=fast_lane:1 manual>*:4", "='fast_lane:1 manual>*:4'"],
])("quotes as the file does: %s", async (fixture, before, after) => {
  const folder = copyOf(fixture.slice(0, fixture.lastIndexOf("/")));
  const name = fixture.slice(fixture.lastIndexOf("/") + 1);
  const text = readFileSync(join(folder, name), "utf8").replace(/^[#~][ \t]*\^+ .*\n/gm, "");
  writeFileSync(join(folder, name), text);
  expect(text).toContain(before);
  await workloops(folder, ["lint", name, "--fix"]);
  expect(readFileSync(join(folder, name), "utf8")).toContain(after);
});

it("migrates drafts and capacities in place", async () => {
  const folder = folderWith({
    "compose.yaml": service("WORKER_CAPACITY: 8"),
    "start.sh":
      'ws-worker --workloops "manual>*:2"\npnpm start --queues "fast_lane:1 manual,*:4"\n',
    "untouched.env": "CELERY_WORKER_CAPACITY=3\n",
  });
  const diff = await workloops(folder, ["migrate", ".", "--diff"]);
  expect(diff.out).toContain("+      WORKER_WORKLOOPS: manual>*:8\n");
  expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe(service("WORKER_CAPACITY: 8"));
  const { code, out } = await workloops(folder, ["migrate", "."]);
  expect([code, out]).toEqual([0, "compose.yaml\nstart.sh\n"]);
  expect(readFileSync(join(folder, "compose.yaml"), "utf8")).toBe(
    service("WORKER_WORKLOOPS: manual>*:8"),
  );
  expect(readFileSync(join(folder, "start.sh"), "utf8")).toBe(
    'ws-worker --workloops "manual>*:2"\npnpm start --workloops "fast_lane:1 manual>*:4"\n',
  );
  expect((await workloops(folder, ["migrate", "."])).out).toBe("");
  expect((await workloops(folder, ["migrate"])).code).toBe(2);
  expect((await workloops(folder, ["migrate", "nowhere"])).code).toBe(3);
});

it("init writes settings once, and they are valid", async () => {
  const folder = folderWith({ ".env": "WORKER_WORKLOOPS=fast_lane:1 manual>*:4\n" });
  expect((await workloops(folder, ["init"])).code).toBe(0);
  expect((await workloops(folder, ["lint", "."])).code).toBe(0);
  const again = await workloops(folder, ["init"]);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining("is here already")]);
});
