import { spawnSync } from "node:child_process";
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
import type { JournalEntry } from "@workloops/worker/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "workloops-journal-"));
});

afterEach(async () => {
  for (const journal of open.splice(0)) await journal.close();
  rmSync(folder, { recursive: true, force: true });
});

async function opened(at = folder): Promise<OpenedJournal> {
  const journal = await openJournal(at);
  open.push(journal);
  return journal;
}

const claimed = (run: string): JournalEntry => ({
  type: "claimed",
  run,
  chain: "*",
  token: `token of ${run}`,
});
const started = (run: string): JournalEntry => ({ type: "started", run });
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

test("only the owner reads it, and a token goes with its worker at the latest", async () => {
  const { journal } = await opened();
  await journal.append(claimed("a"));
  expect(statSync(join(folder, "journal")).mode & 0o777).toBe(0o600);
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

  test("what killed ones left in any place is recovered once", async () => {
    leftBehind("journal", encodeLine(claimed("a")));
    leftBehind("journal-3", encodeLine(claimed("b")));
    const first = await opened();
    expect(first.journal.recovered().map(({ id }) => id)).toEqual(["a", "b"]);
    expect(decodeLines(file()).entries).toHaveLength(2);
    expect(existsSync(join(folder, "journal-3"))).toBe(false);
    expect((await opened()).journal.recovered()).toEqual([]);
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
    expect(decodeLines(file()).entries).toEqual(["a", "b", "c", "d"].map(claimed));
  });
});

test("a file that another program appended to is read as far as it is ours", async () => {
  await (await opened()).journal.append(claimed("a"));
  await open.pop()?.close();
  appendFileSync(join(folder, "journal"), "hello\n");
  expect((await opened()).notes.join()).toContain("1 lines are damaged");
});
