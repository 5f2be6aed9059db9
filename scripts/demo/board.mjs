// Shows the lanes while runs come and go: redrawn in place on a terminal, a plain line a
// second without one.

const terminal = process.stdout.isTTY === true;
const bold = (text) => (terminal ? `\u001b[1m${text}\u001b[0m` : text);
const wait = (ms) => `${(ms / 1000).toFixed(1)} s`;

export const heading = (text) => console.log(`\n${bold(text)}`);

/** A board: call it with the runs and the seconds since the start. */
export function board() {
  let drawn = 0;
  let last = -1;
  return (runs, seconds) => {
    const count = (queue, states) =>
      runs.filter((r) => r.queue === queue && states.includes(r.state)).length;
    const line = (queue) => {
      const waiting = count(queue, ["available"]);
      const working = count(queue, ["claimed", "started"]);
      const done = count(queue, ["success"]);
      return { queue, waiting, working, done };
    };
    const rows = ["fast_lane", "manual", "default"].map(line);
    if (terminal) {
      if (drawn > 0) process.stdout.write(`\u001b[${drawn}A`);
      for (const r of rows) {
        const bar = `${"█".repeat(r.working)}${"░".repeat(r.waiting)}`;
        process.stdout.write(
          `\u001b[2K  ${r.queue.padEnd(10)} ${String(r.done).padStart(2)} answered  ${bar}\n`,
        );
      }
      drawn = rows.length;
    } else if (Math.floor(seconds) > last) {
      last = Math.floor(seconds);
      const part = (r) =>
        `${r.queue} ${r.done} answered, ${r.working} running, ${r.waiting} waiting`;
      console.log(`  at ${last} s: ${rows.map(part).join("; ")}`);
    }
  };
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
      // Somebody is waiting for the answer of the small runs; the flood is work for the night.
      q.queue === "default" ? "nobody waits" : `${q.inTime} of ${q.runs}`,
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
