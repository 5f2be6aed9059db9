import { describe, expect, test } from "vitest";
import { complete, executing, line, say, start, stepComplete, stepStart } from "./executing-run.ts";

describe("an event without an answer", () => {
  test("is sent again, as it was, after the reconnect; the order holds", () => {
    const worker = executing();
    say(worker, start, stepStart);
    worker.reply(worker.lastSent("run:start"), "ok", null);
    worker.reply(worker.lastSent("run:log"), "ok", {});
    worker.reply(worker.lastSent("run:log"), "ok", {});
    const first = worker.lastSent("step:start");
    worker.close();
    say(worker, stepComplete);
    worker.pass(5_000);
    worker.join();
    worker.reply(worker.lastSent("phx_join", "run:r"), "ok", {});
    expect(worker.sent("step:start").map((frame) => frame.payload)).toEqual([
      first.payload,
      first.payload,
    ]);
    worker.reply(worker.lastSent("step:start"), "error", { id: ["has already been taken"] });
    expect(worker.inFlight("r")?.event).toBe("step:complete");
    expect(worker.logs().filter((message) => message.startsWith("Lightning refused"))).toEqual([]);
  });

  test("is sent until it is answered, each time on a channel joined anew", () => {
    const worker = executing();
    say(worker, start);
    for (let n = 0; n < 5; n += 1) {
      worker.pass(30_000);
      worker.reply(worker.lastSent("phx_join", "run:r"), "ok", {});
    }
    expect(worker.sent("run:start")).toHaveLength(6);
    worker.reply(worker.lastSent("run:start"), "ok", null);
    expect(worker.inFlight("r")?.event).toBe("run:log");
  });

  test("that is a log line is sent three times at most; then the next goes", () => {
    const worker = executing();
    say(worker, start);
    worker.reply(worker.lastSent("run:start"), "ok", null);
    const first = worker.lastSent("run:log").payload;
    for (let n = 0; n < 3; n += 1) {
      worker.pass(30_000);
      worker.reply(worker.lastSent("phx_join", "run:r"), "ok", {});
    }
    const lines = worker.sent("run:log").map((frame) => frame.payload);
    expect(lines.slice(0, 3)).toEqual([first, first, first]);
    expect(lines).toHaveLength(4);
    expect(lines[3]).not.toEqual(first);
  });

  test("that crashes the channel twice is left out", () => {
    const worker = executing();
    say(worker, start);
    for (let n = 0; n < 2; n += 1) {
      worker.push("run:r", "phx_error");
      worker.pass(1_000);
      worker.reply(worker.lastSent("phx_join", "run:r"), "ok", {});
    }
    expect(worker.sent("run:start")).toHaveLength(2);
    expect(worker.inFlight("r")?.event).toBe("run:log");
  });

  test("where it is run:complete, is sent until its token expires", () => {
    const worker = executing();
    say(worker, complete);
    worker.tell({ type: "run-ended", run: "r" });
    worker.reply(worker.lastSent("run:log"), "ok", {});
    for (let n = 0; n < 3; n += 1) {
      worker.pass(30_000);
      const join = worker.lastSent("phx_join", "run:r");
      if (worker.state.runs.has("r")) worker.reply(join, "ok", {});
    }
    expect(worker.sent("run:complete").length).toBeGreaterThan(1);
    expect(worker.state.runs.size).toBe(0);
    expect(worker.logs()).toContain("lost: its token has expired");
  });

  test("run:complete without a final dataclip that the server does not know", () => {
    const worker = executing();
    say(worker, stepStart, stepComplete, complete);
    for (let n = 0; n < 3; n += 1)
      worker.reply(worker.inFlight("r") ?? worker.lastSent("x"), "ok", {});
    worker.reply(worker.lastSent("run:complete"), "error", {
      final_dataclip_id: ["does not exist"],
    });
    expect(worker.sent("run:complete")).toHaveLength(2);
    expect(worker.lastSent("run:complete").payload).not.toHaveProperty("final_dataclip_id");
  });
});

test("a flood of log lines is bounded, and the run says that lines are missing", () => {
  const worker = executing();
  say(worker, ...Array.from({ length: 2_500 }, (_, n) => line(n)));
  expect(worker.state.runs.get("r")?.outbox.waiting).toHaveLength(2_000);
  say(worker, complete);
  worker.answerEvents("r");
  expect(
    worker.sent("run:log").map((frame) => (frame.payload as { message: string[] }).message[0]),
  ).toContain("499 log lines were left out: the run logs faster than Lightning takes them.");
});
