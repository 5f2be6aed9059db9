import { describe, expect, it } from "vitest";
import type { Child } from "../../../packages/engine/src/pool/child-process.ts";
import type { Exit } from "../../../packages/engine/src/pool/death.ts";
import { createPool, type Need } from "../../../packages/engine/src/pool/pool.ts";
import { systemClock } from "../../../packages/engine/src/pool/run-timer.ts";

/** A child that comes up at once and dies when told; what the pool asks of it is kept. */
function children() {
  const made: { readonly child: Child; readonly sent: unknown[]; die(): void; dead: boolean }[] =
    [];
  const spawn = (memoryLimitMb: number): Child => {
    const sent: unknown[] = [];
    let end = (_exit: Exit): void => undefined;
    const exited = new Promise<Exit>((resolve) => {
      end = resolve;
    });
    const entry = {
      sent,
      dead: false,
      die() {
        entry.dead = true;
        end({ code: null, signal: "SIGKILL", stderr: "", killedAt: undefined });
      },
      child: {
        pid: made.length + 1,
        user: { mayRead: true },
        memoryLimitMb,
        imported: () => [],
        send: (message: unknown) => void sent.push(message),
        next: async () => (entry.dead ? undefined : { head: { type: "ready" }, body: "" }),
        exited,
        yieldProcessor: () => true,
        kill: () => entry.die(),
      },
    };
    made.push(entry);
    return entry.child;
  };
  return { spawn, made };
}

const loading = {
  clock: systemClock,
  places: { repoDir: "/repo" },
  packsOf: async () => ({}),
  mayRead: true,
};
const need = (fields: Partial<Need> = {}): Need => ({
  lane: "manual",
  adaptors: [],
  memoryLimitMb: 100,
  ...fields,
});

function poolOf(maxSpares = 4) {
  const { spawn, made } = children();
  return { pool: createPool({ spawn, ...loading, maxSpares: () => maxSpares }), made };
}

describe("pool", () => {
  it("hands out the spare that fits, warm", async () => {
    const { pool, made } = poolOf();
    await pool.prepare(need({ adaptors: ["@openfn/language-a@1.0.0"] }));
    expect(made[0]?.sent).toMatchObject([{ type: "warm", adaptors: ["@openfn/language-a@1.0.0"] }]);
    const child = await pool.take(need({ adaptors: ["@openfn/language-a@1.0.0"] }));
    expect([child.pid, pool.spareCount()]).toEqual([1, 0]);
  });

  it.each([
    ["of another size", { memoryLimitMb: 50 }],
    ["with an adaptor that the run does not use", { adaptors: ["@openfn/language-b@1.0.0"] }],
  ])("leaves a spare %s", async (_name, fields) => {
    const { pool, made } = poolOf();
    await pool.prepare(need(fields));
    expect((await pool.take(need())).pid).toBe(2);
    expect([pool.spareCount(), made.length]).toEqual([1, 2]);
  });

  it("prefers what is imported, then the lane", async () => {
    const { pool } = poolOf();
    await pool.prepare(need({ lane: "slow" }));
    await pool.prepare(need());
    await pool.prepare(need({ lane: "other", adaptors: ["a"] }));
    const run = need({ adaptors: ["a", "b"] });
    expect((await pool.take(run)).pid).toBe(3);
    expect((await pool.take(run)).pid).toBe(2);
    expect((await pool.take(run)).pid).toBe(1);
  });

  it("never hands out a dead one", async () => {
    const { pool, made } = poolOf();
    await pool.prepare(need());
    made[0]?.die();
    await made[0]?.child.exited;
    expect((await pool.take(need())).pid).toBe(2);
  });

  it("keeps to its limit and drops the oldest", async () => {
    const { pool, made } = poolOf(2);
    for (const lane of ["a", "b", "c"]) await pool.prepare(need({ lane }));
    expect(made.map(({ dead }) => dead)).toEqual([true, false, false]);
    expect(pool.spareCount()).toBe(2);
  });

  it("gives memory back when there is less of it", async () => {
    const { spawn, made } = children();
    let limit = 3;
    const pool = createPool({ spawn, ...loading, maxSpares: () => limit });
    for (const lane of ["a", "b", "c"]) await pool.prepare(need({ lane }));
    limit = 0;
    await pool.prepare(need({ lane: "d" }));
    expect(made.map(({ dead }) => dead)).toEqual([true, true, true]);
  });

  it("makes one when no run waits for a child to come up", async () => {
    const { pool, made } = poolOf();
    const taken = pool.take(need());
    const prepared = pool.prepare(need({ lane: "b" }));
    expect([made.length, pool.spareCount()]).toEqual([1, 0]);
    await taken;
    await prepared;
    expect([made.length, pool.spareCount()]).toEqual([2, 1]);
  });

  it("makes one for all runs that asked for it meanwhile", async () => {
    const { pool, made } = poolOf();
    const taken = pool.take(need());
    const prepared = [1, 2, 3].map(() => pool.prepare(need()));
    await taken;
    expect(await Promise.all(prepared)).toEqual([true, true, true]);
    expect([made.length, pool.spareCount()]).toEqual([2, 1]);
  });

  it("makes none when it is closed", async () => {
    const { pool, made } = poolOf();
    const taken = pool.take(need());
    void pool.prepare(need());
    pool.close();
    void pool.prepare(need());
    await taken;
    expect([made.length, pool.spareCount()]).toEqual([1, 0]);
  });

  it("makes none twice", async () => {
    const { pool, made } = poolOf();
    await pool.prepare(need());
    await pool.prepare(need());
    expect(made.length).toBe(1);
  });
});
