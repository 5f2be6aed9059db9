import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { copyOf, fixtureProjects, folderWith, service, workloops } from "./run-command.ts";

/** A path and a value with everything that a format may have to escape. */
const hostile = `a,b%:\n<&">'/.env`;
const value = `WORKER_WORKLOOPS="a<&>b\u0001:1 %0A::error::x"\n`;

async function report(folder: string, format: string): Promise<string> {
  return (await workloops(folder, ["lint", ".", "--format", format])).out;
}

/** What a reader of XML makes of an attribute or a text. */
const plain = (xml: string) =>
  xml.replace(
    /&(lt|gt|quot|amp);/g,
    (_, name: string) => ({ lt: "<", gt: ">", quot: '"' })[name] ?? "&",
  );

it("github: one command a finding, whatever a path or a message holds", async () => {
  const out = await report(folderWith({ [hostile]: value }), "github");
  const lines = out.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) {
    const [, properties = ""] = /^::(?:error|warning|notice) (.*?)::/.exec(line) ?? [];
    const names = properties.split(",").map((pair) => pair.split("=")[0]);
    expect(names).toEqual(["file", "line", "endLine", "col", "endColumn", "title"]);
    const [file = ""] = properties.split(",");
    const unescaped = (text: string) =>
      text.replace(/%(25|0D|0A|3A|2C)/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      );
    expect(unescaped(file)).toBe(`file=${hostile}`);
  }
});

it("junit: well-formed XML with a case for each finding and each file without one", async () => {
  const folder = folderWith({
    [hostile]: value,
    "b/.env": "WORKER_WORKLOOPS=fast_lane>*:4\n",
    "c.env": Buffer.from([0]),
  });
  const out = await report(folder, "junit");
  // Each tag is closed in its order, and outside of tags and entities no sign of XML stands alone.
  const open: string[] = [];
  const tag = /<(\/?)([a-z]+)((?: [a-z]+="[^"<&]*(?:&(?:amp|lt|gt|quot);[^"<&]*)*")*)(\/?)>/g;
  const body = out.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, "");
  for (const [, closes, name = "", , empty] of body.matchAll(tag)) {
    if (closes === "/") expect(open.pop()).toBe(name);
    else if (empty !== "/") open.push(name);
  }
  expect(open).toEqual([]);
  expect(body.replace(tag, "")).not.toMatch(/[<]|&(?!(?:amp|lt|gt|quot);)/);
  expect(out).not.toMatch(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/);
  const json = JSON.parse(await report(folder, "json")) as {
    files: { diagnostics: { message: string }[] }[];
  };
  const messages = json.files.flatMap(({ diagnostics }) => diagnostics.map((d) => d.message));
  const told = [...out.matchAll(/<failure type="\w+" message="([^"]*)"/g)].map(([, text = ""]) =>
    plain(text),
  );
  expect(told).toEqual(messages.map((text) => text.replaceAll("\u0001", "\ufffd")));
  expect(out).toContain('<testcase name="lint" classname="b/.env"/>');
  expect(out).toContain('<skipped message="it is binary, or not in UTF-8"/>');
});

it.each(fixtureProjects())(
  "gitlab: what its reader needs of each finding of %s",
  async (project) => {
    const folder = copyOf(project);
    const issues = JSON.parse(await report(folder, "gitlab")) as Record<string, unknown>[];
    const { files } = JSON.parse(await report(folder, "json")) as {
      files: {
        path: string;
        diagnostics: {
          code: string;
          message: string;
          start: { line: number };
          end: { line: number };
        }[];
      }[];
    };
    expect(issues).toEqual(
      files.flatMap(({ path, diagnostics }) =>
        diagnostics.map(({ code, message, start, end }) => ({
          description: message,
          check_name: code,
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
          severity: expect.stringMatching(/^(?:info|minor|major)$/),
          location: { path, lines: { begin: start.line, end: end.line } },
        })),
      ),
    );
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
  },
);

it("ends with 2 and says which report cannot be written", async () => {
  const folder = folderWith({ "compose.yaml": service("WORKER_WORKLOOPS: manual>*4") });
  mkdirSync(join(folder, "taken"));
  for (const [file, why] of [
    ["taken", "EISDIR"],
    ["gone/report.json", "ENOENT"],
  ] as const) {
    const args = ["lint", ".", "--format", `json=${file}`, "--format", "junit=x.xml"];
    const { code, err } = await workloops(folder, args);
    expect([code, err]).toEqual([2, `workloops lint: ${file} cannot be written (${why}).\n`]);
  }
});

it("every format to a file of its own, and nothing but the last to the output", async () => {
  const folder = folderWith({ "compose.yaml": service("WORKER_WORKLOOPS: manual>*4") });
  const formats = ["pretty", "json", "sarif", "github", "gitlab", "junit"];
  const args = formats.flatMap((format) => ["--format", `${format}=out.${format}`]);
  const { code, out } = await workloops(folder, ["lint", ".", ...args]);
  expect([code, out]).toEqual([1, ""]);
  for (const format of formats) {
    // The reports lie in the folder now, and are no files of ours.
    expect(readFileSync(join(folder, `out.${format}`), "utf8")).toBe(
      await report(folderWith({ "compose.yaml": service("WORKER_WORKLOOPS: manual>*4") }), format),
    );
  }
});
