import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { crc32 } from "node:zlib";
import { heldRuns, type JournalEntry } from "@workloops/worker/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  decodeLines,
  encodeLine,
} from "../../../../packages/worker/src/adapters/journal/journal-line.ts";
import {
  type OpenedJournal,
  openJournal,
} from "../../../../packages/worker/src/adapters/journal/open-journal.ts";

let folder = "";
const open: OpenedJournal[] = [];
const told: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workloops-journal-"));
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const journal of open.splice(0)) await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

async function opened(at = folder): Promise<OpenedJournal> {
  const journal = await openJournal(
    at,
    (note) => told.push(note),
    () => {},
  );
  open.push(journal);
  return journal;
}

const claimed = (run: string): JournalEntry => ({
  type: "claimed",
  run,
  chain: "*",
  token: `token of ${run}`,
});
/** As long as Lightning's. */
const long = (run: string): JournalEntry => ({
  type: "claimed",
  run,
  chain: "*",
  token: `[${run}]`.padEnd(700, "t"),
});
const started = (run: string): JournalEntry => ({ type: "started", run });
const ending = (run: string): JournalEntry => ({
  type: "ending",
  run,
  end: { reason: "success", errorType: null },
});
const ended = (run: string): JournalEntry => ({ type: "ended", run });

const file = (name = "journal") => readFileSync(join(folder, name), "utf8");

/** A file as a process that was killed leaves it: no goodbye, and its lock there. */
function leftBehind(name: string, text: string): void {
  const dead = spawnSync(process.execPath, ["-e", "process.stdout.write(String(process.pid))"], {
    encoding: "utf8",
  });
  writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, `${name}.lock`), `${hostname()} ${dead.stdout} 12345`);
}

test("what is held is recovered by the next worker, and nothing that has ended", async () => {
  const { journal } = await opened();
  for (const entry of [claimed("a"), started("a"), claimed("b"), claimed("c"), ended("c")]) {
    await journal.append(entry);
  }
  await open.pop()?.close();
  const next = await opened();
  expect(next.journal.recovered()).toEqual([
    { id: "a", token: "token of a", chain: "*", started: true, end: undefined },
    { id: "b", token: "token of b", chain: "*", started: false, end: undefined },
  ]);
  expect(next.notes.join()).toContain("an earlier worker left 2 runs");
});

test("an entry is in the file when its promise settles; entries of one moment share a flush", async () => {
  const { journal } = await opened();
  await journal.append(claimed("a"));
  expect(decodeLines(file()).entries).toEqual([claimed("a")]);
  await Promise.all(["b", "c", "d"].map((run) => journal.append(claimed(run))));
  expect(decodeLines(file()).entries).toHaveLength(4);
});

test("an entry is in the file before append returns, whatever becomes of the process then", async () => {
  const { journal } = await opened();
  for (const entry of [claimed("a"), started("a"), ending("a")]) {
    void journal.append(entry);
    expect(decodeLines(file()).entries.at(-1)).toEqual(entry);
  }
});

test("a token stands in the file until its run ends, and no longer", async () => {
  const { journal } = await opened();
  for (const entry of [claimed("a"), claimed("b"), started("a"), ending("a")]) {
    void journal.append(entry);
    expect(file()).toContain("token of a");
  }
  void journal.append(ended("a"));
  expect(file()).not.toContain("token of a");
  expect(decodeLines(file())).toEqual({
    entries: [claimed("b"), started("a"), ending("a"), ended("a")],
    broken: 0,
  });
  expect(heldRuns(decodeLines(file()).entries).map(({ id }) => id)).toEqual(["b"]);
});

test("no token of an ended run stands in any file of the folder, also right after a rotation", async () => {
  const { journal } = await opened();
  let rotations = 0;
  for (let run = 0; run < 300; run += 1) {
    void journal.append(long(`${run}`));
    const bytes = file().length;
    // The end comes in the middle of the flush, and of the rotation where one is due.
    const flushed = journal.append(started(`${run}`));
    await setImmediate();
    void journal.append(ended(`${run}`));
    await flushed;
    if (file().length < bytes) rotations += 1;
    for (const name of readdirSync(folder)) expect(file(name)).not.toContain(`[${run}]`);
  }
  expect(rotations).toBeGreaterThan(2);
});

test("what is put while a new file is written stands in the old one and in the new one", async () => {
  const { journal } = await opened();
  let runs = 0;
  // One entry more, and the file is written anew.
  for (; file().length < 63_500; runs += 1) await journal.append(long(`${runs}`));
  const flushed = journal.append(long("a"));
  // The flush begins in a microtask, and goes on when the disk has answered.
  for (let tick = 0; tick < 10; tick += 1) await null;
  expect(readdirSync(folder)).toContain("journal.new");
  void journal.append(ended("1"));
  void journal.append(started("a"));
  const held = () => heldRuns(decodeLines(file()).entries);
  const asItIs = [...Array(runs - 1).fill({ started: false }), { id: "a", started: true }];
  expect(held()).toMatchObject(asItIs);
  const old = statSync(join(folder, "journal")).ino;
  await flushed;
  expect(statSync(join(folder, "journal")).ino).not.toBe(old);
  expect(held()).toMatchObject(asItIs);
  expect(file()).not.toContain("[1]");
});

test("a run whose token no Lightning would give is left out, and the log is told", async () => {
  const { journal } = await opened();
  await journal.append({ type: "claimed", run: "a", chain: "*", token: "t".repeat(5_000) });
  await journal.append(started("a"));
  expect(heldRuns(decodeLines(file()).entries)).toEqual([]);
  expect(told.splice(0)).toEqual([
    "run a is not in the journal: its entry is longer than 4096 bytes",
  ]);
  expect(journal.problem()).toBeUndefined();
});

test("only the owner reads it, and a token goes with its worker at the latest", async () => {
  const { journal } = await opened();
  await journal.append(claimed("a"));
  for (const name of readdirSync(folder)) {
    expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600]);
  }
  await journal.append(ended("a"));
  await open.pop()?.close();
  expect(file()).toBe("");
  expect(readdirSync(folder)).toEqual(["journal"]);
});

test("the file stays small however many runs there were", async () => {
  const { journal } = await opened();
  await journal.append(claimed("held"));
  for (let run = 0; run < 400; run += 1) {
    void journal.append(claimed(`run ${run}`));
    await journal.append(ended(`run ${run}`));
  }
  expect(file().length).toBeLessThan(70_000);
  expect(decodeLines(file()).entries).toContainEqual(claimed("held"));
});

describe("a damaged file", () => {
  test("that was cut in its last line loses that line alone", async () => {
    leftBehind("journal", `${encodeLine(claimed("a"))}${encodeLine(started("a")).slice(0, -3)}`);
    const { journal, notes } = await opened();
    expect(journal.recovered()).toMatchObject([{ id: "a", started: false }]);
    expect(notes.join()).not.toContain("damaged");
  });

  test("with broken lines loses those, and says so", async () => {
    const broken = encodeLine(claimed("b")).replace("token", "tokem");
    leftBehind(
      "journal",
      `${encodeLine(claimed("a"))}${broken}no line\n${encodeLine(claimed("c"))}`,
    );
    const { journal, notes } = await opened();
    expect(journal.recovered().map(({ id }) => id)).toEqual(["a", "c"]);
    expect(notes.join()).toContain("2 lines are damaged");
  });

  test.each([
    ["text that is no JSON", "{"],
    ["something else than an entry", "[]"],
    ["an entry without its token", '{"type":"claimed","run":"b","chain":"*"}'],
    ["an entry of another version", '{"type":"paused","run":"b"}'],
    ["an end without a reason", '{"type":"ending","run":"b","end":{}}'],
  ])("whose checksum holds, with %s, loses that line alone", async (_what, text) => {
    const sum = crc32(text).toString(16).padStart(8, "0");
    leftBehind("journal", `${encodeLine(claimed("a"))}${sum} ${text}\n`);
    const { journal, notes } = await opened();
    expect(journal.recovered()).toMatchObject([{ id: "a" }]);
    expect(notes.join()).toContain("1 lines are damaged");
  });

  test("of any bytes is read without an error, and a changed byte is never taken for an entry", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => decodeLines(text).broken >= 0));
    const line = encodeLine(claimed("a"));
    fc.assert(
      fc.property(
        fc.nat(line.length - 2),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, other) => {
          fc.pre(other !== line[at]);
          const { entries } = decodeLines(line.slice(0, at) + other + line.slice(at + 1));
          expect(entries).toEqual([]);
        },
      ),
    );
  });

  test("that is a folder is told of, and the others are recovered", async () => {
    leftBehind("journal-2", encodeLine(claimed("b")));
    mkdirSync(join(folder, "journal-3"));
    const { journal, notes } = await opened();
    expect(journal.recovered()).toMatchObject([{ id: "b" }]);
    expect(notes.join()).toContain("it was not read: EISDIR");
    expect(readdirSync(folder).sort()).toEqual(["journal", "journal.lock"]);
  });

  test("any cut leaves whole entries only", () => {
    const text = [claimed("a"), started("a"), ended("a")].map(encodeLine).join("");
    for (let length = 0; length <= text.length; length += 1) {
      const { entries, broken } = decodeLines(text.slice(0, length));
      expect(broken).toBe(0);
      expect([claimed("a"), started("a"), ended("a")].slice(0, entries.length)).toEqual(entries);
    }
  });
});

describe("owners", () => {
  test("a second worker takes a place of its own", async () => {
    await (await opened()).journal.append(claimed("a"));
    const second = await opened();
    await second.journal.append(claimed("b"));
    expect(second.journal.recovered()).toEqual([]);
    expect(decodeLines(file("journal-2")).entries).toEqual([claimed("b")]);
  });

  test("a place is taken whatever a process of the same number does in another container", async () => {
    // Both may be number 1: a name that is made of it would be the other's file.
    for (const name of ["journal.lock", "journal.lock.stale"]) {
      mkdirSync(join(folder, `${name}.${process.pid}`));
    }
    expect((await opened()).journal.problem()).toBeUndefined();
    expect(existsSync(join(folder, "journal.lock"))).toBe(true);
  });

  test("what one left that was killed while it took a place goes a minute later", async () => {
    const left = ["draft", "stale"].map((what) => `journal.lock.${what}-${randomUUID()}`);
    for (const name of left) writeFileSync(join(folder, name), "");
    await opened();
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(left));
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 61_000);
    await opened();
    expect(readdirSync(folder).sort()).toEqual([
      ...["journal", "journal-2", "journal-2.lock", "journal.lock"],
    ]);
  });

  test("what killed ones left in any place is recovered once", async () => {
    leftBehind("journal", encodeLine(claimed("a")));
    leftBehind("journal-3", encodeLine(claimed("b")));
    const first = await opened();
    expect(first.journal.recovered().map(({ id }) => id)).toEqual(["a", "b"]);
    expect(decodeLines(file()).entries).toHaveLength(2);
    expect(existsSync(join(folder, "journal-3"))).toBe(false);
    expect((await opened()).journal.recovered()).toEqual([]);
  });

  test("what a killed one left of an unfinished rotation goes with its file", async () => {
    leftBehind("journal-2", encodeLine(claimed("b")));
    writeFileSync(join(folder, "journal-2.new"), encodeLine(claimed("old")));
    await opened();
    expect(readdirSync(folder).sort()).toEqual(["journal", "journal.lock"]);
  });

  test("a run that stands in two files, since its heir died over it, is taken as far as it went", async () => {
    leftBehind("journal", `${encodeLine(claimed("a"))}${encodeLine(started("a"))}`);
    writeFileSync(join(folder, "journal.from-1"), encodeLine(claimed("a")));
    writeFileSync(join(folder, "journal.from-2"), encodeLine(claimed("b")));
    const { journal } = await opened();
    expect(journal.recovered()).toMatchObject([
      { id: "a", started: true },
      { id: "b", started: false },
    ]);
    expect(readdirSync(folder).sort()).toEqual(["journal", "journal.lock"]);
  });

  test("what a dead heir had inherited is inherited with its place", async () => {
    await opened();
    leftBehind("journal-2", encodeLine(claimed("a")));
    writeFileSync(join(folder, "journal-2.from-1"), encodeLine(claimed("b")));
    // The first place is taken, so the next worker gets the second; or a third inherits both.
    const second = await opened();
    expect(second.journal.recovered().map(({ id }) => id)).toEqual(["a", "b"]);
    expect(decodeLines(file("journal-2")).entries).toEqual([claimed("a"), claimed("b")]);
  });

  test("an owner on another host lives as long as it shows signs of life", async () => {
    writeFileSync(join(folder, "journal"), encodeLine(claimed("a")));
    writeFileSync(join(folder, "journal.lock"), "elsewhere 1 1");
    expect((await opened()).journal.recovered()).toEqual([]);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(join(folder, "journal.lock"), longAgo, longAgo);
    expect((await opened()).journal.recovered()).toMatchObject([{ id: "a" }]);
  });
});

describe("a folder that cannot be used", () => {
  test("is told of, and the worker goes on without a journal", async () => {
    const path = join(folder, "a-file");
    writeFileSync(path, "");
    const { journal, notes } = await opened(path);
    expect(notes[0]).toContain("no journal is kept");
    expect(journal.problem()).toContain(path);
    expect(journal.recovered()).toEqual([]);
    await journal.append(claimed("a"));
  });

  test("that fails later is told of until it works again, and nothing held is missing then", async () => {
    const { journal } = await opened();
    await journal.append(claimed("a"));
    rmSync(folder, { recursive: true });
    for (let run = 0; run < 800; run += 1) void journal.append(claimed(`run ${run}`));
    await journal.append(claimed("b"));
    for (let run = 0; run < 800; run += 1) void journal.append(ended(`run ${run}`));
    await journal.append(claimed("c"));
    expect(journal.problem()).toContain("ENOENT");
    mkdirSync(folder);
    await journal.append(claimed("d"));
    expect(journal.problem()).toBeUndefined();
    expect(told.splice(0)).toEqual([
      expect.stringMatching(/^the journal cannot be written, .*ENOENT/),
      expect.stringContaining("the journal is written again"),
    ]);
    expect(decodeLines(file()).entries).toEqual(["a", "b", "c", "d"].map(claimed));
  });
});

test("a file that another program appended to is read as far as it is ours", async () => {
  await (await opened()).journal.append(claimed("a"));
  await open.pop()?.close();
  appendFileSync(join(folder, "journal"), "hello\n");
  expect((await opened()).notes.join()).toContain("1 lines are damaged");
});
