import { defaultSettings } from "@workloops/worker/core";
import { encodeFrame, readLightningPlan } from "@workloops/worker/protocol";
import { expect, test } from "vitest";
import { readEvent } from "../../../packages/engine/src/pool/read-event.ts";
import { emptyReport, reportEvent } from "../../../packages/worker/src/core/run/report.ts";
import { toRunPlan } from "../../../packages/worker/src/core/run/run-plan.ts";
import { childMessages } from "../../child-messages.ts";
import { expectUnpolluted, hostileTexts, mutationsOf } from "../../hostile-values.ts";
import { fullPlan } from "../../wire-messages.ts";
import { settingsOf } from "./scripted-worker.ts";

const read = readLightningPlan(fullPlan);
if (!read.ok) throw new Error(read.problem);
const plan = toRunPlan(read.value, { id: "r", token: "t" }, settingsOf("*:1", defaultSettings));

/** Step a is known to the server, as behind a step:start. */
const report = { ...emptyReport, stepIds: new Map([["a", "id of a"]]) };

/** Puts on the wire whatever the worker makes of a frame of a child; says how many bytes that was. */
function onTheWire(head: unknown, body: string): number {
  const event = readEvent({ head, body });
  if (event === undefined) return 0;
  const maxTextBytes = 10_000_000;
  const context = { run: "r", plan, workerVersion: "1", maxTextBytes, newId: () => "new" };
  const { outgoing } = reportEvent(report, event, context);
  return outgoing.reduce((bytes, { event: name, payload }) => {
    const frame = { joinRef: "1", ref: "2", topic: "run:r", event: name, payload };
    return bytes + encodeFrame(frame, "client").length;
  }, 0);
}

test.each(childMessages)(
  "whatever a child says in the place of %s can be told to the server, or is refused",
  (_name, { head, body }) => {
    for (const { value } of mutationsOf(head)) {
      for (const hostile of [body, ...Object.values(hostileTexts)]) onTheWire(value, hostile);
    }
    for (const hostile of Object.values(hostileTexts)) {
      expect(onTheWire(head, hostile)).toBeLessThan(20_000_000);
    }
    expectUnpolluted();
  },
);

test("a final state and a line that are nested without end are told as text", () => {
  const deep = hostileTexts["lists in lists without end"] ?? "";
  const [, line, , end] = childMessages.slice(2).map(([, message]) => message);
  expect(onTheWire(line?.head, deep)).toBeGreaterThan(100);
  expect(onTheWire(end?.head, deep)).toBeGreaterThan(100_000);
});
