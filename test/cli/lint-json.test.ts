import { describe, expect, it } from "vitest";
import { folderWith, workloops } from "./run-command.ts";

/** The json of `workloops lint`, the form that tools read; lines and columns from 1, offsets from 0, all in UTF-16 units. */
interface Json {
  version: number;
  files: {
    path: string;
    diagnostics: { code: string; severity: string; message: string; start: Place; end: Place }[];
  }[];
  summary: Record<string, number>;
}
interface Place {
  line: number;
  column: number;
  offset: number;
}

/** Lints a folder with these files; the exit code, what was said, and the json. */
async function lintFolder(files: Record<string, string | Buffer>, args: string[] = ["."]) {
  const { code, ...said } = await workloops(folderWith(files), [
    "lint",
    ...args,
    "--format",
    "json",
  ]);
  return { code, said, json: (said.out === "" ? undefined : JSON.parse(said.out)) as Json };
}

/** Each diagnostic as `path:line:column code "the text that it covers"`. */
function told(files: Record<string, string>, json: Json): string[] {
  return json.files.flatMap(({ path, diagnostics }) =>
    diagnostics.map(({ code, start, end }) => {
      const covered = files[path]?.slice(start.offset, end.offset);
      return `${path}:${start.line}:${start.column} ${code} ${JSON.stringify(covered)}`;
    }),
  );
}

describe("workloops lint --format json", () => {
  it("points at the inner token, in every file of a folder", async () => {
    const files = {
      "lanes.workloops": "# é 𝄞\nfast_lane:1\nmanual>*:0\n",
      "a/.env": 'OTHER=𝄞\nWORKER_WORKLOOPS="fast_lane:1 my-queue:2"\n',
      "b/compose.yaml":
        'services:\n  worker:\n    image: openfn/ws-worker:1.25.0\n    stop_grace_period: 6m\n    volumes: ["repo:/repo"]\n    environment:\n      WORKER_REPO_DIR: /repo\n      WORKER_WORKLOOPS: fast_lane:1 manual>*4\n',
    };
    const { code, json } = await lintFolder(files);
    expect(told(files, json)).toEqual([
      'a/.env:2:33 queue-name-invalid "-"',
      'b/compose.yaml:8:37 capacity-missing "manual>*4"',
      'lanes.workloops:3:10 capacity-invalid "0"',
    ]);
    expect([code, json.version, json.summary["errors"]]).toEqual([1, 1, 3]);
  });

  it("ends with 0 and says how much it read where nothing is wrong", async () => {
    const { code, json } = await lintFolder({ "ok.workloops": "fast_lane:1 manual>*:4\n" });
    const clean = [{ path: "ok.workloops", diagnostics: [] }];
    expect([code, json.files, json.summary["values"]]).toEqual([0, clean, 1]);
  });

  it("ends with 0 where no file holds a value, and with 3 where no path matches", async () => {
    expect((await lintFolder({ "notes.txt": "nothing" })).code).toBe(0);
    const absent = await lintFolder({}, ["absent.yaml"]);
    expect([absent.code, absent.said.err]).toEqual([3, expect.stringContaining("absent.yaml")]);
  });

  it("ends with 2 on wrong use, and says what is right", async () => {
    const { code, said } = await lintFolder({}, ["--formt"]);
    expect(code).toBe(2);
    expect(said.err).toContain("--format");
  });

  it("says what it skipped and why, and never ends in a crash", async () => {
    const { json } = await lintFolder(
      {
        "binary.env": Buffer.from("WORKER_WORKLOOPS=\0\u0001a:1"),
        "broken.yaml": "services:\n  w: {environment: {WORKER_WORKLOOPS: 'a:1'\n",
        "latin.env": Buffer.from([...Buffer.from("WORKER_WORKLOOPS=a:1 #"), 0xe9]),
      },
      [".", "binary.env", "latin.env", "broken.yaml"],
    );
    const skipped = (json as unknown as { skipped: { path: string; reason: string }[] }).skipped;
    expect(skipped.map(({ path }) => path).sort()).toEqual([
      "binary.env",
      "broken.yaml",
      "latin.env",
    ]);
    expect(skipped.every(({ reason }) => reason.length > 0)).toBe(true);
  });
});
