import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JournalEntry, JournalledRun } from "@workloops/worker/core";
import { noJournal } from "@workloops/worker/ports";
import { expect, onTestFinished, test } from "vitest";
import { awaitDeaths } from "../../../../packages/worker/src/adapters/journal/await-deaths.ts";
import {
  decodeLines,
  encodeLine,
} from "../../../../packages/worker/src/adapters/journal/journal-line.ts";
import { openJournal } from "../../../../packages/worker/src/adapters/journal/open-journal.ts";

/** A clock that goes on by hand; it has one alarm. */
function handClock() {
  let now = 0;
  let alarm: { readonly at: number; readonly wake: () => void } | undefined;
  return {
    now: () => now,
    wall: () => now,
    wakeAt(at: number, wake: () => void) {
      alarm = { at, wake };
      return () => {
        alarm = undefined;
      };
    },
    isSet: () => alarm !== undefined,
    pass(ms: number) {
      now += ms;
      const due = alarm !== undefined && alarm.at <= now ? alarm : undefined;
      if (due !== undefined) alarm = undefined;
      due?.wake();
    },
  };
}

const claimed = (run: string): JournalEntry => ({ type: "claimed", run, chain: "*", token: "t" });
const started = (run: string): JournalEntry => ({ type: "started", run });

/** A folder with the journal of a worker on another host, which showed a sign of life so long ago. */
function folderOf(silentMs: number) {
  const folder = mkdtempSync(join(tmpdir(), "workloops-journal-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const lock = join(folder, "journal.lock");
  const fallSilent = (ms: number) => {
    const shown = new Date(Date.now() - ms);
    utimesSync(lock, shown, shown);
  };
  writeFileSync(
    join(folder, "journal"),
    [claimed("a"), started("a"), claimed("b")].map(encodeLine).join(""),
  );
  writeFileSync(lock, "elsewhere 1 1");
  fallSilent(silentMs);
  return { folder, fallSilent };
}

test("an owner on another host that dies after the start is taken over as soon as it counts as dead, once", async () => {
  const { folder, fallSilent } = folderOf(0);
  const told: string[] = [];
  const journal = await openJournal(
    folder,
    (note) => told.push(note),
    () => {},
  );
  onTestFinished(() => journal.close());
  expect(journal.journal.recovered()).toEqual([]);
  fallSilent(30_000);
  expect(await journal.takeOver()).toEqual([]);
  fallSilent(36_000);
  expect(await journal.takeOver()).toMatchObject([
    { id: "a", started: true },
    { id: "b", started: false },
  ]);
  expect(told).toEqual(["a worker that died left 2 runs: they are ended now"]);
  expect(await journal.takeOver()).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(["journal-2", "journal-2.lock"]);
  const own = decodeLines(readFileSync(join(folder, "journal-2"), "utf8"));
  expect(own.entries).toEqual([claimed("a"), started("a"), claimed("b")]);
});

test("what was taken over and not written down before its heir died is inherited with its place", async () => {
  const { folder } = folderOf(0);
  const journal = await openJournal(
    folder,
    () => {},
    () => {},
  );
  onTestFinished(() => journal.close());
  writeFileSync(join(folder, "journal-2.from-1"), encodeLine(claimed("c")));
  expect(await journal.takeOver()).toMatchObject([{ id: "c" }]);
  expect(readdirSync(folder)).not.toContain("journal-2.from-1");
});

test("a worker that was taken for dead while it slept starts no run that another may have started, and leaves no file", async () => {
  const { folder } = folderOf(0);
  let taken = 0;
  const journal = await openJournal(
    folder,
    () => {},
    () => {
      taken += 1;
    },
  );
  await journal.journal.append(claimed("mine"));
  await journal.journal.append(started("mine"));
  expect(taken).toBe(0);
  // An heir moves the file into its own place and gives the lock's name back.
  renameSync(join(folder, "journal-2"), join(folder, "journal-3.from-1"));
  rmSync(join(folder, "journal-2.lock"));
  let hasStarted = false;
  void journal.journal.append(claimed("late"));
  void journal.journal.append(started("late")).then(() => {
    hasStarted = true;
  });
  expect(taken).toBe(1);
  await journal.close();
  expect(hasStarted).toBe(false);
  expect(readdirSync(folder)).not.toContain("journal-2");
  expect(journal.journal.problem()).toContain("another worker has taken over");
});

test("a folder that is gone is no error", async () => {
  const { folder } = folderOf(0);
  const journal = await openJournal(
    join(folder, "inner"),
    () => {},
    () => {},
  );
  rmSync(join(folder, "inner"), { recursive: true });
  expect(await journal.takeOver()).toEqual([]);
  await journal.close();
});

test("it is looked every 10 s, and no more once the worker has ended", async () => {
  const clock = handClock();
  const run: JournalledRun = { id: "a", token: "t", chain: "*", started: true, end: undefined };
  const left: JournalledRun[][] = [[], [run], [run]];
  const inherited: string[] = [];
  let looks = 0;
  const takeOver = () => {
    looks += 1;
    return Promise.resolve(left.shift() ?? []);
  };
  const end = awaitDeaths({ ...noJournal, takeOver }, clock, (runs) => {
    inherited.push(...runs.map(({ id }) => id));
  });
  const seen = async (ms: number) => {
    clock.pass(ms);
    await Promise.resolve();
    await Promise.resolve();
    return [looks, inherited.length];
  };
  expect(await seen(9_999)).toEqual([0, 0]);
  expect(await seen(1)).toEqual([1, 0]);
  expect(await seen(10_000)).toEqual([2, 1]);
  clock.pass(10_000);
  await end();
  expect([looks, inherited.length, clock.isSet()]).toEqual([3, 1, false]);
});
