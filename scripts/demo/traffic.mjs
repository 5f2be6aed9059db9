// The demo's load: a flood of slow default runs, and small fast-lane and manual runs beside it.
// A run's wait is what the server's own ledger says: from its enqueueing to its start.

export const slowRunMs = 2_000;
/** The answer is late after this. Lightning gives a synchronous webhook 30 s; runs here are as much shorter. */
export const answerLimitMs = 3_000;

const slow = `export default [(state) => new Promise((done) => setTimeout(() => done(state), ${slowRunMs}))];`;
const small = "export default [(state) => ({ ...state, registered: true })];";

/** What is sent, and when, in ms from the start. */
export const traffic = [
  ...Array.from({ length: 30 }, () => ({ atMs: 0, queue: "default", body: slow })),
  ...Array.from({ length: 8 }, (_, i) => ({
    atMs: 600 + i * 800,
    queue: "fast_lane",
    body: small,
  })),
  ...Array.from({ length: 2 }, (_, i) => ({
    atMs: 1_000 + i * 2_000,
    queue: "manual",
    body: small,
  })),
];

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function send(url, { queue, body }) {
  const response = await fetch(`${url}/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ queue, body }),
  });
  if (response.status !== 201) throw new Error(`POST /runs answered ${response.status}`);
}

export async function readRuns(url) {
  const response = await fetch(`${url}/runs`);
  const { runs } = await response.json();
  return runs;
}

/** Sends the traffic and calls `show` four times a second, until every run has ended. */
export async function play(url, show) {
  const start = Date.now();
  const pending = [...traffic].sort((a, b) => a.atMs - b.atMs);
  for (;;) {
    while (pending.length > 0 && pending[0].atMs <= Date.now() - start)
      await send(url, pending.shift());
    const runs = await readRuns(url);
    show(runs, (Date.now() - start) / 1000);
    if (pending.length === 0 && runs.every((run) => run.finished_at !== null)) return runs;
    if (Date.now() - start > 30_000) throw new Error("the runs did not end within 30 s");
    await wait(250);
  }
}

const median = (sorted) => sorted[Math.floor((sorted.length - 1) / 2)];

/** For each queue: how many, the waits, and how many were answered in time. */
export function summarize(runs) {
  return ["fast_lane", "manual", "default"].map((queue) => {
    const mine = runs.filter((run) => run.queue === queue);
    const waits = mine
      .map((run) => (run.started_at - run.inserted_at) / 1000)
      .sort((a, b) => a - b);
    const inTime = mine.filter(
      (run) => (run.finished_at - run.inserted_at) / 1000 <= answerLimitMs,
    ).length;
    return { queue, runs: mine.length, medianMs: median(waits), longestMs: waits.at(-1), inTime };
  });
}
