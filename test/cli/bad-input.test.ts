import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { folderWith, service } from "./run-command.ts";

const packageFolder = join(import.meta.dirname, "../../packages/cli");
const command = join(packageFolder, "bin/workloops.cjs");

interface Report {
  readonly files: readonly {
    readonly path: string;
    readonly diagnostics: readonly { readonly code: string; readonly severity: string }[];
  }[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** Runs the command as people do, and reads both what it prints and its json. */
function lintReal(folder: string, path: string, more: SpawnSyncOptions = {}) {
  const args = [command, "lint", path, "--format", "pretty", "--format", "json=report.out"];
  const options = { cwd: folder, timeout: 60_000, ...more, encoding: "utf8" } as const;
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, options);
  expect([signal, stderr]).toEqual([null, ""]);
  const report = JSON.parse(readFileSync(join(folder, "report.out"), "utf8")) as Report;
  // What the json says is printed for people too: each code, each file that was skipped, and why.
  for (const { path: file, reason } of report.skipped) {
    expect(stdout).toContain(`skipped ${file}: it ${reason}`);
  }
  const codes = report.files.flatMap(({ diagnostics }) =>
    diagnostics.flatMap(({ code, severity }) => (severity === "hint" ? [] : code)),
  );
  for (const code of codes) expect(stdout).toContain(`[${code}]: `);
  return { code: status, codes, report, skipped: report.skipped.map(({ reason }) => reason) };
}

/** What one file of a folder comes to: its codes, and why it was skipped. */
const lintFile = (name: string, content: string | Buffer) =>
  lintReal(folderWith({ [name]: content }), name);

const bomb = [
  "a0: &a0 [x, x, x, x, x, x, x, x, x]",
  ...Array.from(
    { length: 12 },
    (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`,
  ),
].join("\n");

it.each<[string, string, string | Buffer, { code: number; codes: string[]; skipped: RegExp[] }]>([
  [
    "binary",
    "a.env",
    Buffer.from([0x57, 0, 0xff, 0x12]),
    { code: 0, codes: [], skipped: [/binary/] },
  ],
  [
    "UTF-16",
    ".env",
    Buffer.from("WORKER_WORKLOOPS=x", "utf16le"),
    { code: 0, codes: [], skipped: [/not in UTF-8/] },
  ],
  [
    "invalid UTF-8",
    ".env",
    Buffer.concat([Buffer.from("WORKER_WORKLOOPS="), Buffer.from([0xc3, 0x28])]),
    { code: 0, codes: [], skipped: [/not valid UTF-8/] },
  ],
  [
    "too large",
    ".env",
    Buffer.alloc(4 * 1024 * 1024 + 1, "WORKER_WORKLOOPS=manual>*\n"),
    { code: 0, codes: [], skipped: [/4194305 bytes; at most 4194304/] },
  ],
  [
    "no format",
    "notes.md",
    "WORKER_WORKLOOPS=manual>*",
    { code: 0, codes: [], skipped: [/in no format/] },
  ],
  ["empty", ".env", "", { code: 0, codes: [], skipped: [] }],
  [
    "broken YAML before the value",
    "compose.yaml",
    `a: [\n${service("WORKER_WORKLOOPS: manual>*4")}`,
    { code: 1, codes: ["capacity-missing"], skipped: [/only in part/] },
  ],
  [
    "broken YAML behind the value",
    "compose.yaml",
    `${service("WORKER_WORKLOOPS: manual>*4")}x: }\n`,
    { code: 1, codes: ["capacity-missing"], skipped: [/only in part/] },
  ],
  [
    "an alias bomb",
    "compose.yaml",
    `${bomb}\n${service("WORKER_WORKLOOPS: manual>*4")}`,
    { code: 1, codes: ["capacity-missing"], skipped: [] },
  ],
  [
    "an anchor inside itself",
    "compose.yaml",
    `x: &x\n  y: *x\n  <<: *x\n${service("<<: *x\nWORKER_WORKLOOPS: manual>*4")}`,
    { code: 1, codes: ["capacity-missing"], skipped: [] },
  ],
  [
    "a service that extends itself",
    "compose.yaml",
    `services:\n  a:\n    extends: a\n    stop_grace_period: 310s\n    environment: { WORKER_WORKLOOPS: manual>*4 }\n`,
    { code: 1, codes: ["capacity-missing"], skipped: [] },
  ],
  [
    "services that extend each other",
    "compose.yaml",
    `services:\n  a:\n    extends: b\n    stop_grace_period: 310s\n    environment: { WORKER_WORKLOOPS: manual>*4 }\n  b:\n    extends: { service: a, file: compose.yaml }\n    stop_grace_period: 310s\n`,
    { code: 1, codes: ["capacity-missing"], skipped: [] },
  ],
  [
    "a script of brackets",
    "a.sh",
    `WORKER_WORKLOOPS=${"$(".repeat(5_000)}`,
    { code: 0, codes: [], skipped: [/only in part|nested too deeply/] },
  ],
  [
    "CRLF and a byte order mark",
    "compose.yaml",
    `\ufeff${service("WORKER_WORKLOOPS: manual>*4")}`.replaceAll("\n", "\r\n"),
    { code: 1, codes: ["capacity-missing"], skipped: [] },
  ],
  [
    "a very long value",
    ".env",
    `WORKER_WORKLOOPS=${"a".repeat(100_000)}`,
    { code: 1, codes: ["too-large"], skipped: [] },
  ],
  [
    "ten thousand other variables",
    ".env",
    `${'A="x y"\n'.repeat(10_000)}WORKER_WORKLOOPS=manual>*4\n`,
    { code: 1, codes: ["capacity-missing"], skipped: [] },
  ],
  [
    "ten thousand other commands",
    "a.sh",
    `${'export A="x y"\ndocker run -e A=b x\n'.repeat(5_000)}export WORKER_WORKLOOPS="manual>*4"\n`,
    { code: 1, codes: ["capacity-missing"], skipped: [] },
  ],
])("%s", (_, name, content, wanted) => {
  const found = lintFile(name, content);
  expect([found.code, found.codes]).toEqual([wanted.code, wanted.codes]);
  expect(found.skipped).toHaveLength(wanted.skipped.length);
  wanted.skipped.forEach((reason, i) => {
    expect(found.skipped[i]).toMatch(reason);
  });
});

it("100 MB, named and in a folder, in little memory", () => {
  const folder = folderWith({ "a/.env": "WORKER_WORKLOOPS=manual>*4\n", "a/b.yaml": "" });
  const size = 100 * 1024 * 1024;
  truncateSync(join(folder, "a/b.yaml"), size);
  for (const path of ["a", "a/b.yaml"]) {
    const found = lintReal(folder, path);
    expect(found.skipped).toEqual([`has ${size} bytes; at most 4194304 are read`]);
    expect(found.codes).toEqual(path === "a" ? ["capacity-missing"] : []);
  }
});

it("follows symbolic links, but never in a circle", () => {
  const folder = folderWith({ "real/.env": "WORKER_WORKLOOPS=manual>*4\n" });
  mkdirSync(join(folder, "other"));
  symlinkSync("..", join(folder, "real/up"));
  symlinkSync("../other", join(folder, "real/other"));
  symlinkSync("../real", join(folder, "other/real"));
  symlinkSync("self", join(folder, "self"));
  symlinkSync("gone", join(folder, "dangling"));
  const { code, report } = lintReal(folder, ".");
  expect(code).toBe(1);
  expect(report.files.map(({ path }) => path)).toContain("real/.env");
  expect(report.files.length).toBeLessThanOrEqual(3);
  const skipped = Object.fromEntries(report.skipped.map(({ path, reason }) => [path, reason]));
  expect(skipped["real/up"]).toMatch(/read already/);
  expect(skipped["self"]).toMatch(/in a circle/);
  expect(skipped["dangling"]).toMatch(/does not exist/);
});

// The superuser may read everything, so the command runs as somebody else, who has to be able to run Node.
const isRoot = process.getuid?.() === 0;
const nobody: SpawnSyncOptions = isRoot ? { uid: 65_534, gid: 65_534, env: {} } : {};
const canRun = spawnSync(process.execPath, ["-e", "0"], { ...nobody, cwd: "/" }).status === 0;

it.runIf(canRun)("says what it may not read, and reads the rest", () => {
  const folder = folderWith({
    "closed.env": "WORKER_WORKLOOPS=manual>*4\n",
    "closed/.env": "WORKER_WORKLOOPS=manual>*4\n",
    "open.env": "WORKER_WORKLOOPS=manual>*4\n",
  });
  const copy = folderWith({});
  for (const part of ["bin", "dist/bundle"]) {
    cpSync(join(packageFolder, part), join(copy, part), { recursive: true });
  }
  for (const each of [copy, folder]) chmodSync(each, 0o777);
  chmodSync(join(folder, "closed.env"), 0o000);
  chmodSync(join(folder, "closed"), 0o000);
  const args = [join(copy, "bin/workloops.cjs"), "lint", ".", "--format", "json"];
  const { stdout, status } = spawnSync(process.execPath, args, {
    ...nobody,
    cwd: folder,
    encoding: "utf8",
  });
  chmodSync(join(folder, "closed"), 0o700);
  const report = JSON.parse(stdout) as Report;
  expect([status, report.files.map(({ path }) => path)]).toEqual([1, ["open.env"]]);
  expect(report.skipped).toEqual([
    { path: "closed", reason: "may not be read" },
    { path: "closed.env", reason: "may not be read" },
  ]);
});

it("runs and fetches nothing that a file names", async () => {
  const marker = join(folderWith({}), "ran");
  let asked = 0;
  const server = createServer(() => {
    asked += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/x`;
  const folder = folderWith({
    "a.sh": `export WORKER_WORKLOOPS="$(touch ${marker})manual>*:5"\n\`touch ${marker}\`\ncurl ${url}\n`,
    "compose.yaml": service(`WORKER_WORKLOOPS: manual>*:5`).replace(
      "image:",
      `env_file: ${url}\n    build: ${url}\n    extends: { service: a, file: "${url}" }\n    image:`,
    ),
    "w.workloops": "manual>*:5",
    Dockerfile: `FROM x\nRUN touch ${marker}\nADD ${url} /x\nENV WORKER_WORKLOOPS="manual>*:5"\n`,
  });
  lintReal(folder, ".");
  // A connection that waited while the command ran is taken up now.
  await setImmediate();
  await setImmediate();
  server.close();
  expect([existsSync(marker), asked]).toEqual([false, 0]);
});

it("brackets beyond the stack of the YAML parser, wherever this Node ends it", () => {
  for (const depth of [200, 2_000, 20_000]) {
    const found = lintFile("values.yaml", `WORKER_WORKLOOPS: ${"[".repeat(depth)}`);
    expect([found.code, found.codes]).toEqual([1, ["yaml-not-a-string"]]);
    const unexplained = found.skipped.filter((reason) => !/nested too deeply/.test(reason));
    expect(unexplained).toEqual([]);
  }
});
