// The demo's load, as one caller after the other would make it: a flood of slow default runs, and
// beside it callers who wait for an answer over HTTP. In the middle the server goes away.

const slowRunMs = 2_000;
/** Lightning gives a caller 30 s. The flood here is half as long as one that would need them. */
export const answerLimitMs = 15_000;
/** The server cuts its sockets then, and refuses new ones for so long. */
export const away = { atMs: 6_000, ms: 5_000 };

const slow = `export default [(state) => new Promise((done) => setTimeout(() => done(state), ${slowRunMs}))];`;
const small = "export default [(state) => ({ ...state, registered: true })];";

const flood = Array.from({ length: 65 }, () => ({ queue: "default", body: slow }));
/** When each caller calls, in ms from the start: before, while and after the server is away. */
const callsMs = Array.from({ length: 30 }, (_, n) => 500 + n * 380);

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function post(url, body) {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (response.status >= 400 && response.status !== 504)
    throw new Error(`POST ${url} answered ${response.status}: ${await response.text()}`);
  return response.status;
}

/** One caller: true where the answer came within the limit. */
async function call(url, atMs) {
  await wait(atMs);
  return (await post(`${url}/runs?wait=${answerLimitMs}`, { body: small })) !== 504;
}

async function goAway(url) {
  await wait(away.atMs);
  await post(`${url}/faults`, { kind: "server-away", ms: away.ms });
}

async function readRuns(url) {
  return (await (await fetch(`${url}/runs`)).json()).runs;
}

/** Sends the traffic and calls `show` twice a second, until every run has ended. */
export async function play(url, show) {
  const start = Date.now();
  await post(`${url}/runs`, flood);
  const calls = callsMs.map((atMs) => call(url, atMs));
  const answers = Promise.all([...calls, goAway(url)]);
  for (;;) {
    const runs = await readRuns(url);
    show(runs, (Date.now() - start) / 1000);
    const all = runs.length === flood.length + callsMs.length;
    if (all && runs.every((run) => run.finished_at !== null)) {
      return { runs, answers: (await answers).slice(0, calls.length) };
    }
    if (Date.now() - start > 90_000) throw new Error("the runs did not end within 90 s");
    await wait(500);
  }
}

const median = (sorted) => sorted[Math.floor((sorted.length - 1) / 2)];

/** For each queue: how many, the waits by the server's own ledger, and the answers in time. */
export function summarize({ runs, answers }) {
  return ["fast_lane", "default"].map((queue) => {
    const mine = runs.filter((run) => run.queue === queue);
    const waits = mine
      .map((run) => (run.started_at - run.inserted_at) / 1000)
      .sort((a, b) => a - b);
    return {
      queue,
      runs: mine.length,
      medianMs: median(waits),
      longestMs: waits.at(-1),
      inTime: queue === "fast_lane" ? answers.filter(Boolean).length : undefined,
    };
  });
}
