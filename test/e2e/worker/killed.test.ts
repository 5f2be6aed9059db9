import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { lightning, temporaryFolder, workerFor } from "./bundle.ts";

const slow =
  "export default [(state) => new Promise((done) => setTimeout(() => done(state), 600000))];";
const quick = "export default [(state) => state];";

test("what a killed worker held is ended by the next one: the started run as a crash, once", async () => {
  const server = await lightning();
  const journal = ["--capacity", "1", "--journal", "--state-dir", temporaryFolder()];
  const killed = workerFor(server, journal);
  const [held = ""] = await server.runs(1, { body: slow });
  await killed.said(/claimed/);
  while (server.ledger.runs.get(held)?.state !== "started") {
    const since = server.ledger.runs.get(held)?.changes ?? 0;
    await fetch(`${server.httpUrl}/runs/${held}?since=${since}&wait=5000`);
  }
  killed.signal("SIGKILL");
  await killed.ended;
  const next = workerFor(server, journal);
  await next.said(/an earlier worker left 1 runs/);
  expect(await server.ended(held)).toMatchObject({ reason: "crash", error_type: "WorkerDied" });
  const [another = ""] = await server.runs(1, { body: quick });
  expect(await server.ended(another)).toMatchObject({ state: "success" });
  expect(server.ledger.runs.get(held)?.ends).toHaveLength(1);
  expect(server.ledger.violations.first).toEqual([]);
  next.signal("SIGTERM");
  expect(await next.ended).toBe(0);
});

test("a run that was claimed and had not started is executed by the next worker", async () => {
  const server = await lightning();
  const folder = temporaryFolder();
  const journal = ["--capacity", "1", "--journal", "--state-dir", folder];
  // The plan never comes, so that the run is held and does not start.
  await fetch(`${server.httpUrl}/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "event-lost" }),
  });
  const killed = workerFor(server, journal);
  const [held = ""] = await server.runs(1, { body: quick });
  await killed.said(/claimed/);
  // A grant that is not on the disk yet when the process dies is lost with it.
  while (!readFileSync(join(folder, "journal"), "utf8").includes(held)) await setImmediate();
  const faults = async () => (await fetch(`${server.httpUrl}/faults`)).text();
  while (!(await faults()).includes('"armed":[]')) await setImmediate();
  killed.signal("SIGKILL");
  await killed.ended;
  workerFor(server, journal);
  expect(await server.ended(held)).toMatchObject({ state: "success" });
  expect(server.ledger.violations.first).toEqual([]);
});
