// Shows the lanes of both configurations while runs come and go: redrawn in place on a terminal,
// a plain line every five seconds without one.

const terminal = process.stdout.isTTY === true;
const bold = (text) => (terminal ? `\u001b[1m${text}\u001b[0m` : text);
const wait = (ms) => `${(ms / 1000).toFixed(1)} s`;
const plainLineSeconds = 5;

export const heading = (text) => console.log(`\n${bold(text)}`);

/** A board for these configurations: for each, what is called with its runs and the seconds. */
export function board(configurations) {
  const width = Math.max(...configurations.map((name) => name.length));
  const counts = configurations.map(() => []);
  let drawn = 0;
  let last = -plainLineSeconds;
  const draw = (seconds) => {
    const rows = counts.flatMap((queues, index) =>
      queues.map((row, n) => ({ name: n === 0 ? configurations[index] : "", ...row })),
    );
    if (terminal) {
      if (drawn > 0) process.stdout.write(`\u001b[${drawn}A`);
      for (const r of rows) {
        // A line that wraps would be redrawn in the wrong place.
        const room = Math.max(0, process.stdout.columns - width - 26);
        const bar = `${"█".repeat(r.working)}${"░".repeat(r.waiting)}`.slice(0, room);
        process.stdout.write(
          `\u001b[2K  ${r.name.padEnd(width)}  ${r.queue.padEnd(9)}  ${String(r.done).padStart(2)} ended  ${bar}\n`,
        );
      }
      drawn = rows.length;
    } else if (seconds >= last + plainLineSeconds) {
      last = Math.floor(seconds / plainLineSeconds) * plainLineSeconds;
      for (const [index, queues] of counts.entries()) {
        const part = (r) =>
          `${r.queue} ${r.done} ended, ${r.working} running, ${r.waiting} waiting`;
        console.log(
          `  at ${last} s  ${configurations[index].padEnd(width)}  ${queues.map(part).join("; ")}`,
        );
      }
    }
  };
  return configurations.map((_, index) => (runs, seconds) => {
    counts[index] = ["fast_lane", "default"].map((queue) => count(runs, queue));
    if (counts.every((queues) => queues.length > 0)) draw(seconds);
  });
}

function count(runs, queue) {
  const mine = runs.filter((run) => run.queue === queue);
  const waiting = mine.filter((run) => run.state === "available").length;
  const done = mine.filter((run) => run.finished_at !== null).length;
  return { queue, waiting, working: mine.length - waiting - done, done };
}

/** One table for all configurations. */
export function table(results, limitMs) {
  const head = [
    "configuration",
    "queue",
    "runs",
    "wait, median",
    "wait, longest",
    `answered within ${wait(limitMs)}`,
  ];
  const cells = results.flatMap(({ configuration, queues }) =>
    queues.map((q, i) => [
      i === 0 ? configuration : "",
      q.queue,
      String(q.runs),
      wait(q.medianMs),
      wait(q.longestMs),
      // Somebody waits for the answer of the small runs; the flood is work for the night.
      q.inTime === undefined ? "nobody waits" : `${q.inTime} of ${q.runs}`,
    ]),
  );
  const width = head.map((h, i) => Math.max(h.length, ...cells.map((c) => c[i].length)));
  const line = (c) =>
    c
      .map((t, i) => t.padEnd(width[i]))
      .join("  ")
      .trimEnd();
  return [line(head), line(width.map((w) => "─".repeat(w))), ...cells.map(line)].join("\n");
}
