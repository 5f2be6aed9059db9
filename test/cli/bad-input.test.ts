import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folderWith, service, workloops } from "./run-command.ts";

/** What one file of a folder comes to: its codes, and why it was skipped. */
async function lintFile(name: string, content: string | Buffer) {
  const folder = folderWith({ [name]: content });
  const { code, out } = await workloops(folder, ["lint", name, "--format", "json"]);
  const report = JSON.parse(out) as {
    files: { diagnostics: { code: string; severity: string; start: { line: number } }[] }[];
    skipped: { reason: string }[];
  };
  return {
    code,
    codes: report.files.flatMap(({ diagnostics }) =>
      diagnostics.filter((d) => d.severity !== "hint").map((d) => d.code),
    ),
    skipped: report.skipped.map(({ reason }) => reason),
  };
}

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
])("%s", async (_, name, content, wanted) => {
  const found = await lintFile(name, content);
  expect([found.code, found.codes]).toEqual([wanted.code, wanted.codes]);
  expect(found.skipped).toHaveLength(wanted.skipped.length);
  wanted.skipped.forEach((reason, i) => {
    expect(found.skipped[i]).toMatch(reason);
  });
});

it("follows symbolic links, but never in a circle", async () => {
  const folder = folderWith({ "real/.env": "WORKER_WORKLOOPS=manual>*4\n" });
  mkdirSync(join(folder, "other"));
  symlinkSync("..", join(folder, "real/up"));
  symlinkSync("../other", join(folder, "real/other"));
  symlinkSync("../real", join(folder, "other/real"));
  symlinkSync("self", join(folder, "self"));
  symlinkSync("gone", join(folder, "dangling"));
  const { code, out } = await workloops(folder, ["lint", ".", "--format", "json"]);
  const report = JSON.parse(out) as {
    files: { path: string }[];
    skipped: { path: string; reason: string }[];
  };
  expect(code).toBe(1);
  expect(report.files.map(({ path }) => path)).toContain("real/.env");
  expect(report.files.length).toBeLessThanOrEqual(3);
  const skipped = Object.fromEntries(report.skipped.map(({ path, reason }) => [path, reason]));
  expect(skipped["real/up"]).toMatch(/read already/);
  expect(skipped["self"]).toMatch(/in a circle/);
  expect(skipped["dangling"]).toMatch(/does not exist/);
});

it("says what it may not read", async () => {
  const folder = folderWith({ "closed.env": "WORKER_WORKLOOPS=manual>*4\n" });
  chmodSync(join(folder, "closed.env"), 0o000);
  const { code, out } = await workloops(folder, ["lint", ".", "--format", "json"]);
  const report = JSON.parse(out) as { skipped: { reason: string }[]; files: object[] };
  // The superuser may read everything.
  if (process.getuid?.() === 0) expect([code, report.files.length]).toEqual([1, 1]);
  else expect(report.skipped).toEqual([{ path: "closed.env", reason: "may not be read" }]);
});

it("runs and fetches nothing that a file names", async () => {
  const marker = join(folderWith({}), "ran");
  const folder = folderWith({
    "a.sh": `export WORKER_WORKLOOPS="$(touch ${marker})manual>*:5"\n\`touch ${marker}\`\n`,
    "compose.yaml": service(`WORKER_WORKLOOPS: manual>*:5`).replace(
      "image:",
      "env_file: http://127.0.0.1:9/x\n    image:",
    ),
  });
  await workloops(folder, ["lint", "."]);
  writeFileSync(`${marker}.not`, "");
  expect(() => chmodSync(marker, 0o600)).toThrow(/ENOENT/);
});

it("brackets beyond the stack of the YAML parser, wherever this Node ends it", async () => {
  for (const depth of [200, 2_000, 20_000]) {
    const found = await lintFile("values.yaml", `WORKER_WORKLOOPS: ${"[".repeat(depth)}`);
    expect([found.code, found.codes]).toEqual([1, ["yaml-not-a-string"]]);
    const unexplained = found.skipped.filter((reason) => !/nested too deeply/.test(reason));
    expect(unexplained).toEqual([]);
  }
});
