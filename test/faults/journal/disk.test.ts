import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  becomesReady,
  type FaultSite,
  type FaultWorker,
  openFaultSite,
  quick,
  type WorkerOptions,
} from "../fault-site.ts";

let site: FaultSite;
let runs = 0;

beforeAll(async () => {
  site = await openFaultSite();
});

afterAll(() => site.close());

const longJob = "wait(600000);";

/** Gives a run and resolves when its job is being executed. */
async function hold(): Promise<string> {
  runs += 1;
  const [id = ""] = await site.post([site.job(`held-${runs}`, longJob)]);
  await site.witness.executing(`held-${runs}`);
  return id;
}

/** The worker goes on, whatever its journal is like: a run is executed, once. */
async function expectToExecute(): Promise<void> {
  runs += 1;
  const [id = ""] = await site.post([site.job(`quick-${runs}`)]);
  expect((await site.ended([id])).map(({ reason }) => reason)).toEqual(["success"]);
  expect(site.witness.executions(`quick-${runs}`)).toBe(1);
}

async function notesOf(worker: FaultWorker): Promise<readonly string[]> {
  const { ready, notes } = await becomesReady(worker);
  expect(ready).toBe(true);
  return notes;
}

/** A worker that this test ends, so that its runs are not those of the next. */
async function worker(options: WorkerOptions): Promise<FaultWorker> {
  const started = await site.worker(options);
  onTestFinished(() => kill(started));
  return started;
}

async function kill(one: FaultWorker): Promise<void> {
  one.signal("SIGKILL");
  await one.ended;
}

/** Each of these runs was ended by a later worker for one that died, and by it alone. */
async function expectWorkerDied(...ids: readonly string[]): Promise<void> {
  for (const { error_type, ends } of await site.ended(ids)) {
    expect([error_type, ends.length]).toEqual(["WorkerDied", 1]);
  }
}

const journalIn = (folder: string) => readFileSync(join(folder, "journal"), "utf8");

test("--no-journal: no file is written, and the log and /readyz say so", async () => {
  const stateDir = join(site.folder, "no-journal");
  const one = await worker({ stateDir, args: [...quick, "--no-journal"] });
  const said = "it is turned off, and what is held is not known to the next worker";
  expect(one.printed()).toContain(`no journal: ${said}`);
  await expectToExecute();
  expect(await notesOf(one)).toEqual([`journal: ${said}`]);
  expect(existsSync(stateDir)).toBe(false);
});

test("damaged by a flipped byte and a torn end: the rest is recovered, and the log and /readyz say so", async () => {
  const stateDir = join(site.folder, "damaged");
  const killed = await site.worker({ stateDir });
  const [lost, kept] = [await hold(), await hold()];
  await kill(killed);
  const text = journalIn(stateDir);
  const at = text.indexOf(lost);
  writeFileSync(join(stateDir, "journal"), `${text.slice(0, at)}X${text.slice(at + 1)}0123 {"ty`);
  const next = await worker({ stateDir });
  await next.said(/journal: 1 lines are damaged and were left out/);
  await expectWorkerDied(kept);
  await expectToExecute();
  expect((await notesOf(next)).join()).toMatch(/journal: .*journal: 1 lines are damaged/);
  expect(await site.run(lost)).toMatchObject({ state: "started" });
});

test("two workers on one folder: each writes a file of its own that its owner alone may read, and one heir reports for both", async () => {
  const stateDir = join(site.folder, "shared");
  const first = await site.worker({ stateDir, lanes: "*:1" });
  const one = await hold();
  const second = await site.worker({ stateDir, lanes: "*:1" });
  const other = await hold();
  const files = ["journal", "journal-2", "journal-2.lock", "journal.lock"];
  expect(readdirSync(stateDir).sort()).toEqual(files);
  for (const name of files) expect(statSync(join(stateDir, name)).mode & 0o777).toBe(0o600);
  expect(statSync(stateDir).mode & 0o777).toBe(0o700);
  expect(journalIn(stateDir)).toContain(one);
  expect(readFileSync(join(stateDir, "journal-2"), "utf8")).toContain(other);
  await Promise.all([kill(first), kill(second)]);
  const heir = await worker({ stateDir });
  await heir.said(/an earlier worker left 2 runs/);
  await expectWorkerDied(one, other);
  expect(readdirSync(stateDir).sort()).toEqual(["journal", "journal.lock"]);
  await expectToExecute();
});

/** A file system in memory, where this user may mount one; it goes with the test. */
function mountDisk(options: string): string {
  const folder = mkdtempSync(join(tmpdir(), "workloops-disk-"));
  const { status, stderr } = mount(["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  if (status !== 0) {
    rmdirSync(folder);
    throw new Error(`mount: ${stderr}`);
  }
  onTestFinished(() => {
    spawnSync("umount", [folder]);
    rmdirSync(folder);
  });
  return folder;
}

const mount = (args: readonly string[]) => spawnSync("mount", args, { encoding: "utf8" });

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "workloops-disk-"));
  const isMounted = mount(["-t", "tmpfs", "tmpfs", folder]).status === 0;
  if (isMounted) spawnSync("umount", [folder]);
  rmdirSync(folder);
  return isMounted;
}

const mounts = mayMount();

test.runIf(!mounts)("NOT SHOWN HERE: this user may not mount a disk to fill it", () => {
  expect(mounts).toBe(false);
});

describe.runIf(mounts)("a disk of its own", () => {
  test("that is full, and later is not: told in the log and by /readyz, and nothing held is missing then", async () => {
    const stateDir = mountDisk("size=256k,mode=700");
    const one = await site.worker({ stateDir });
    const filler = join(stateDir, "filler");
    expect(() => writeFileSync(filler, Buffer.alloc(1_000_000))).toThrow("ENOSPC");
    const held = await hold();
    await one.said(/the journal cannot be written.*ENOSPC/);
    await expectToExecute();
    expect((await notesOf(one)).join()).toContain("ENOSPC");
    rmSync(filler);
    await expectToExecute();
    await one.said(/the journal is written again/);
    expect((await notesOf(one)).join()).not.toContain("ENOSPC");
    await kill(one);
    await worker({ stateDir });
    await expectWorkerDied(held);
  });

  test("that may not be written: told in the log and by /readyz", async () => {
    const stateDir = mountDisk("size=256k,mode=700");
    expect(mount(["-o", "remount,ro", stateDir]).status).toBe(0);
    const one = await worker({ stateDir });
    await one.said(/no journal is kept: .*EROFS/);
    await expectToExecute();
    expect((await notesOf(one)).join()).toContain("EROFS");
    expect(readdirSync(stateDir)).toEqual([]);
  });

  test("that ends with its container: told in the log and by /readyz, and it is written as any other", async () => {
    const stateDir = join(mountDisk("size=256k,mode=700"), "state");
    mkdirSync(stateDir);
    const one = await worker({ stateDir });
    const said = `${stateDir} ends with this container, and the journal with it`;
    expect(one.printed()).toContain(said);
    const held = await hold();
    await expectToExecute();
    expect((await notesOf(one)).join()).toContain(said);
    expect(journalIn(stateDir)).toContain(held);
  });
});
