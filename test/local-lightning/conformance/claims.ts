import { describe, expect, test } from "vitest";
import type { Answer, LightningPort, PortWorker } from "../lightning-port.ts";

export const runsOf = ({ response }: Answer): readonly { id: string; token: string }[] =>
  (response as { runs: { id: string; token: string }[] }).runs;

async function twoOfEach(lightning: LightningPort): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const age of [1, 2])
    for (const queue of ["default", "fast_lane", "manual"] as const)
      names.set(await lightning.addRun({ queue }), `${queue}${age}`);
  return names;
}

async function claimOneByOne(worker: PortWorker, names: Map<string, string>, queues: unknown) {
  const order: (string | undefined)[] = [];
  for (;;) {
    const [run] = runsOf(await worker.claim({ demand: 1, worker_name: null, queues }));
    if (run === undefined) return order.join(" ");
    order.push(names.get(run.id));
  }
}

const fallback = "manual1 manual2 default1 fast_lane1 default2 fast_lane2";

/** Joining and claiming: sections 2 and 3 of the protocol page. */
export function claimConformance(start: () => Promise<LightningPort>): void {
  describe("worker:queue", () => {
    test.each([
      [{ capacity: 5, queues: { "manual>*": 5 } }],
      [{}],
      [{ capacity: "many", queues: [1] }],
      [null],
    ])("takes the join %j", async (payload) => {
      const lightning = await start();
      const worker = await lightning.worker("w");
      expect(await worker.joinQueue(payload)).toEqual({ status: "ok", response: {} });
      await lightning.close();
    });

    test.each([
      [["fast_lane", "manual", "*"], "fast_lane1 fast_lane2 manual1 manual2 default1 default2"],
      [["*"], "default1 fast_lane1 manual1 default2 fast_lane2 manual2"],
      [["fast_lane"], "fast_lane1 fast_lane2"],
      [["nonexistent"], ""],
      [undefined, fallback],
      [null, fallback],
      ["fast_lane", fallback],
      [[], fallback],
      [["fast_lane", 1], fallback],
    ])("claims for %j in order", async (queues, order) => {
      const lightning = await start();
      const names = await twoOfEach(lightning);
      const worker = await lightning.worker("w");
      await worker.joinQueue({});
      expect(await claimOneByOne(worker, names, queues)).toBe(order);
      await lightning.close();
    });

    test("gives up to the demand, and marks who has it", async () => {
      const lightning = await start();
      const ids = [await lightning.addRun(), await lightning.addRun(), await lightning.addRun()];
      const worker = await lightning.worker("w");
      await worker.joinQueue({});
      const claim = (demand: number, worker_name: unknown) =>
        worker.claim({ demand, worker_name, queues: ["*"] });
      expect(runsOf(await claim(0, "n"))).toEqual([]);
      const first = runsOf(await claim(2, "pod-7")).map(({ id }) => id);
      expect(new Set(first)).toEqual(new Set(ids.slice(0, 2)));
      expect(runsOf(await claim(2, "")).map(({ id }) => id)).toEqual(ids.slice(2));
      expect(await claim(2, null)).toEqual({ status: "ok", response: { runs: [] } });
      const outcomes = await Promise.all(ids.map(lightning.outcome));
      expect(outcomes.map(({ state }) => state)).toEqual(["claimed", "claimed", "claimed"]);
      // An empty name is none.
      expect(outcomes.map(({ workerName }) => workerName)).toEqual(["pod-7", "pod-7", null]);
      await lightning.close();
    });

    test.each([
      [{ worker_name: null }],
      [{ demand: 1 }],
      [{ demand: "1", worker_name: null }],
      [{ demand: 1.5, worker_name: null }],
      [{ demand: -1, worker_name: null }],
      [null],
      [[]],
    ])("dies of the claim %j, and lives again after a join", async (payload) => {
      const lightning = await start();
      const id = await lightning.addRun();
      const worker = await lightning.worker("w");
      await worker.joinQueue({});
      expect((await worker.claim(payload)).status).toBe("crash");
      await worker.joinQueue({});
      const good = await worker.claim({ demand: 1, worker_name: null });
      expect(runsOf(good).map((run) => run.id)).toEqual([id]);
      await lightning.close();
    });
  });
}
