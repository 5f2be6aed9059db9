import { freeSlots } from "@workloops/worker/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ScriptedWorker } from "./scripted-worker.ts";

const plan = { jobs: [{ id: "a", body: "x", credential_id: "c" }], edges: [], dataclip_id: "d" };

/** What a server may answer with: what it should, and everything else. */
const response = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom<unknown>(plan, {}, null, new Uint8Array([123, 125]), new Uint8Array([255])),
  fc.record({
    runs: fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc.record({
          id: fc.constantFrom("a", "b", "c", "__proto__"),
          token: fc.string({ minLength: 1 }),
        }),
      ),
    ),
  }),
);

type Move =
  | {
      readonly type: "answer";
      readonly which: number;
      readonly status: unknown;
      readonly response: unknown;
    }
  | {
      readonly type: "push";
      readonly topic: string;
      readonly event: string;
      readonly payload: unknown;
    }
  | { readonly type: "pass"; readonly ms: number }
  | { readonly type: "world" }
  | { readonly type: "close" };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("answer" as const),
      which: fc.nat(20),
      status: fc.constantFrom("ok", "ok", "error", 7, null),
      response,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("push" as const),
      topic: fc.constantFrom("worker:queue", "run:a", "run:b", "phoenix", "x"),
      event: fc.constantFrom("work-available", "phx_error", "phx_close", "phx_reply", "y"),
      payload: fc.jsonValue(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("pass" as const),
      ms: fc.constantFrom(1, 500, 40_000, 400_000),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ type: "world" as const }) },
  { weight: 1, arbitrary: fc.constant({ type: "close" as const }) },
);

/** The worker's own side of the world does what it was asked to, so that runs get on. */
function settleWorld(worker: ScriptedWorker, seen: number): number {
  for (const effect of worker.effects.slice(seen)) {
    if (effect.type === "open-socket" && worker.state.connection.socket.mode === "opening")
      worker.open();
    if (effect.type === "check-token") {
      worker.tell({
        type: "token-checked",
        run: effect.run,
        verdict: { ok: true, value: { expiresAt: undefined } },
      });
    }
    if (effect.type === "journal" && effect.reply)
      worker.tell({ type: "journalled", run: effect.entry.run });
    if (effect.type === "execute") {
      worker.tell({
        type: "run-event",
        run: effect.run,
        event: { type: "workflow-complete", time: 0, durationMs: 0, finalState: "{" },
      });
      worker.tell({ type: "run-ended", run: effect.run });
    }
  }
  return worker.effects.length;
}

function make(worker: ScriptedWorker, one: Move): void {
  switch (one.type) {
    case "answer": {
      const sent = worker.sent();
      const frame = sent[sent.length - 1 - (one.which % sent.length)];
      if (frame === undefined) return;
      const payload = { status: one.status, response: one.response };
      worker.receive({ ...frame, event: "phx_reply", payload });
      return;
    }
    case "push":
      worker.receive({ joinRef: null, ref: null, ...one });
      return;
    case "pass":
      worker.pass(one.ms);
      return;
    case "close":
      worker.close();
      return;
    case "world":
      return;
  }
}

test("whatever a server says, the worker lives and no lane goes over its capacity", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const worker = new ScriptedWorker("fast_lane:1 *:2").start();
      let seen = 0;
      for (const one of moves) {
        make(worker, one);
        if (one.type === "world") seen = settleWorld(worker, seen);
        for (const lane of worker.state.lanes) {
          expect(freeSlots(lane)).toBeGreaterThanOrEqual(0);
          expect(lane.surplus.length).toBeLessThanOrEqual(2 * lane.capacity);
        }
      }
    }),
    { numRuns: 300 },
  );
});
