import type { Ports } from "@workloops/worker/ports";
import { describe, expect, test } from "vitest";
import { lightning, socketWorker } from "./socket-worker.ts";

/** An engine whose first run says its lines without waiting for the server, as a child that floods does. */
function flooding(lines: number, text: string): Ports["engine"] {
  let runs = 0;
  return {
    execute(_plan, _input, _options, _lane, onEvent) {
      const time = Date.now();
      void onEvent({ type: "workflow-start", time, versions: {} });
      runs += 1;
      for (let n = 0; runs === 1 && n < lines; n += 1) {
        const message = [`${n} ${text}`];
        void onEvent({ type: "log", time, level: "info", source: "JOB", message });
      }
      void onEvent({ type: "workflow-complete", time, durationMs: 0 });
      return { ended: Promise.resolve(), kill: () => {} };
    },
  };
}

describe("a run that logs faster than the server takes it", () => {
  test.each([
    // 2,000 events wait at most; the first two are lines of our own, and run:start is on its way.
    ["many lines", 2_500, "", 1_997],
    // 64 MB wait at most.
    ["large lines", 90, "x".repeat(1_000_000), 64],
  ])(
    "%s: what is over the limit is left out, the run says so, and ends",
    async (_name, lines, text, kept) => {
      const server = await lightning();
      const worker = await socketWorker(server, "*:1", {}, flooding(lines, text));
      const [run = ""] = await server.runs(1);
      expect(await server.ended([run])).toEqual(["success"]);
      const logs = server.ledger.runs.get(run)?.logs ?? [];
      const said = logs.filter(({ source }) => source === "JOB");
      expect(Math.abs(said.length - kept)).toBeLessThanOrEqual(2);
      // The first ones are those that are kept, in their order.
      expect(said.map(({ message }) => Number(message.split(" ")[0]))).toEqual(
        said.map((_, n) => n),
      );
      const dropped = lines - said.length;
      expect(logs.map(({ message }) => message)).toContain(
        `${dropped} log lines were left out: the run logs faster than Lightning takes them.`,
      );
      expect(server.ledger.violations.first).toEqual([]);
      const [next = ""] = await server.runs(1);
      expect(await server.ended([next])).toEqual(["success"]);
      expect(worker.look().active).toBe(0);
    },
    60_000,
  );
});
