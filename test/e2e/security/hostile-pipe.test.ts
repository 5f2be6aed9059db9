import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { createFrameReader, encodeFrame, type Frame } from "../../../packages/engine/src/frame.ts";
import { childFlags } from "../../../packages/engine/src/pool/child-flags.ts";
import { findChild } from "../../../packages/engine/src/pool/find-child.ts";
import { readEvent } from "../../../packages/engine/src/pool/read-event.ts";
import { mutationsOf } from "../../hostile-values.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "workloops-pipe-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const childPath = realpathSync(findChild());
const flags = childFlags({ childPath, readable: [], folder, memoryLimitMb: 100 });

/** What a child says and how it ends where it is sent this, and then nothing more. */
async function child(sent: Buffer): Promise<{ code: number | null; frames: Frame[] }> {
  const process_ = spawn(process.execPath, flags, {
    cwd: folder,
    env: { TMPDIR: folder },
    stdio: ["pipe", "ignore", "ignore", "pipe"],
  });
  const reader = createFrameReader({ maxHeadBytes: 1_000_000, maxBodyBytes: 1_000_000 });
  const frames: Frame[] = [];
  (process_.stdio[3] as Readable).on("data", (chunk: Buffer) => frames.push(...reader.push(chunk)));
  process_.stdin?.on("error", () => undefined);
  process_.stdin?.end(sent);
  const code = await new Promise<number | null>((ended) => process_.once("close", ended));
  expect(reader.isBroken()).toBe(false);
  return { code, frames };
}

const run = {
  type: "run",
  places: { repoDir: folder },
  packs: { "@openfn/language-common@1.0.0": { root: folder, codeFile: "x" } },
  adaptors: [],
  plan: {
    id: "r",
    start: "a",
    steps: [
      {
        id: "a",
        expression: "export default [];",
        adaptors: [],
        configuration: {},
        next: { b: true },
      },
      { id: "b", state: {}, next: { a: { condition: "false" } } },
    ],
  },
  options: { memoryLimitMb: 100, payloadLimitMb: 1, statePropsToRemove: ["configuration"] },
  compiled: { a: "{}" },
  user: { mayRead: true },
};

/** Of all that can be wrong, what readers trip over: each costs a process. */
const kinds = / is (null|an object without methods|missing)$/;

const sent: readonly (readonly [string, Buffer])[] = [
  ["nothing", Buffer.alloc(0)],
  ["half a length", Buffer.from([0, 0])],
  ["a head that does not come", Buffer.from([0, 0, 0, 9, 0, 0, 0, 0, 123])],
  ["a length beyond all memory", Buffer.alloc(64, 0xff)],
  ["a head that is no JSON", Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 91])],
  ["an input that is no JSON", encodeFrame(run, "{")],
  ...mutationsOf(run)
    .filter(({ where }) => kinds.test(where))
    .map(({ where, text }) => [where, rawFrame(text)] as const),
];

function rawFrame(text: string): Buffer {
  const head = Buffer.from(text);
  const prefix = Buffer.alloc(8);
  prefix.writeUInt32BE(head.length, 0);
  return Buffer.concat([prefix, head]);
}

test("a child that is sent anything ends, and says nothing but what a run says", async () => {
  for (const [what, bytes] of sent) {
    const { code, frames } = await child(bytes);
    const strange = frames.filter((frame) => {
      const { type } = frame.head as { type?: unknown };
      const isOurs = type === "ready" || type === "compiled" || type === "packed";
      return !isOurs && readEvent(frame) === undefined;
    });
    expect([what, typeof code, strange]).toEqual([what, "number", []]);
  }
});
