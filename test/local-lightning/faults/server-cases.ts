import { expect } from "vitest";
import { takeRun } from "../work.ts";
import { type Case, stateOf } from "./scene.ts";

/** What happens at once, to everybody. */
export const serverCases: Readonly<Record<string, Case>> = {
  "drop-sockets": async ({ desk, worker }, kind) => {
    await desk.fault({ kind });
    expect(await worker.closed).toBe(1006);
    await desk.worker();
  },
  "close-sockets": async ({ desk, worker }, kind) => {
    await desk.fault({ kind, code: 1012 });
    expect(await worker.closed).toBe(1012);
  },
  "half-open": async ({ desk, worker }, kind) => {
    await desk.fault({ kind });
    void worker.push("phoenix", "heartbeat", {});
    await desk.run();
    const fresh = await desk.worker();
    await fresh.join("worker:queue");
    await desk.run();
    await fresh.frame(({ event }) => event === "work-available");
    // The socket is open as far as its worker can see, and silent.
    expect(worker.ws.readyState).toBe(worker.ws.OPEN);
    expect(worker.frames.filter(({ topic }) => topic === "phoenix")).toEqual([]);
  },
  "server-away": async ({ desk, worker }, kind) => {
    await desk.fault({ kind, ms: 3_600_000 });
    expect(await worker.closed).toBe(1006);
    await expect(desk.worker()).rejects.toThrow("hang up");
    // What a person sees stays.
    expect(await desk.run()).toEqual(expect.any(String));
    await desk.fault({ kind: "none" });
    await desk.worker();
  },
  "wake-up-storm": async ({ desk, worker }, kind) => {
    const wakeUps = () => worker.frames.filter(({ event }) => event === "work-available").length;
    const before = wakeUps();
    await desk.fault({ kind, count: 20, ms: 5 });
    await worker.frame(() => wakeUps() === before + 20);
  },
  "wake-ups-off": async ({ desk, worker }, kind) => {
    const before = worker.frames.length;
    await desk.fault({ kind });
    await desk.run();
    await worker.push("phoenix", "heartbeat", {});
    expect(worker.frames.slice(before).map(({ topic }) => topic)).toEqual(["phoenix"]);
  },
  "wake-ups-on": async ({ desk, worker }, kind) => {
    await desk.fault({ kind: "wake-ups-off" });
    await desk.fault({ kind });
    const before = worker.frames.length;
    await desk.run();
    await worker.frame((frame) => worker.frames.indexOf(frame) >= before);
    expect(worker.frames.at(-1)?.event).toBe("work-available");
  },
  "lose-runs": async ({ desk, worker, runId }, kind) => {
    const waits = await desk.run();
    await takeRun(worker);
    await desk.fault({ kind, run_id: waits });
    expect(stateOf(desk, runId)).toBe("claimed");
    await desk.fault({ kind });
    expect([stateOf(desk, runId), stateOf(desk, waits)]).toEqual(["lost", "available"]);
  },
};
