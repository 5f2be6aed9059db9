import { expect, test } from "vitest";
import type { RunView } from "../fault-site.ts";
import { followGrants } from "../proxy/grants.ts";
import type { Message } from "../proxy/message.ts";
import { judgeRuns } from "./judge-runs.ts";

const run = (id: string, ...states: string[]): RunView =>
  ({ id, ends: states.map((state) => ({ at: 0, state })) }) as unknown as RunView;

const judge = (runs: readonly RunView[], read: string[], destroyed: string[], executions = 1) =>
  judgeRuns(
    runs,
    (id) => read.includes(id),
    new Set(destroyed),
    () => executions,
  );

test("a grant that no worker read has to be one that a fault destroyed", () => {
  const runs = [run("a", "success"), run("b", "lost"), run("c", "lost")];
  expect(judge(runs, ["a"], ["b"])).toMatchObject({ grantsUnread: 2, unexplained: ["c"] });
  expect(judge(runs, ["a"], ["b", "c"])).toMatchObject({ unexplained: [], lost: [] });
});

test("a run whose grant a fault destroyed cannot have been known to a worker", () => {
  const runs = [run("a", "success"), run("b", "lost")];
  expect(judge(runs, ["a"], ["a", "b"])).toMatchObject({ wronglyDestroyed: ["a"] });
});

test("a run that was read and has no end is lost, and two ends or executions are twice", () => {
  expect(judge([run("a", "lost")], ["a"], [])).toMatchObject({ lost: ["a"], unexplained: [] });
  expect(judge([run("a", "success", "crash")], ["a"], [])).toMatchObject({ twice: ["a"] });
  expect(judge([run("a", "success")], ["a"], [], 2)).toMatchObject({ twice: ["a"] });
});

const message = (fields: Partial<Message>): Message => ({
  ...{ way: "down", ref: "1", topic: "worker:queue", event: "phx_reply", replyTo: "claim" },
  ...{ status: "ok", chain: "*", granted: [], isOneOfTwo: false },
  ...fields,
});
const join = (id: string) => message({ way: "up", event: "phx_join", topic: `run:${id}` });

test("a grant is destroyed where it was lost, or on its way when a fault ended the connection, until its run is joined", () => {
  const grants = followGrants();
  const [one, other] = [{}, {}];
  grants.lost(message({ granted: ["dropped"] }));
  grants.passed(one, message({ granted: ["joined", "late", "gone"] }));
  grants.passed(other, message({ granted: ["on a good connection"] }));
  grants.said(join("joined"));
  grants.broken(one);
  expect([...grants.destroyed()]).toEqual(["dropped", "late", "gone"]);
  grants.said(join("late"));
  expect([...grants.destroyed()]).toEqual(["dropped", "gone"]);
});
