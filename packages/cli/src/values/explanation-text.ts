import { type Explanation, processDefaults, type Standing, type Wait } from "@workloops/parser";
import { table } from "./table.ts";

const mebibyte = 1024 * 1024;
const several = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** An explanation in words and as a table. `runMemory` is bytes that one run may take. */
export function explanationText(explained: Explanation, runMemory: number): string {
  const { value, capacity, groups } = explained;
  const width = Math.max(...groups.map(({ chain, capacity }) => `${chain}:${capacity}`.length));
  const described = groups.map(
    ({ chain, capacity, words }) => `  ${`${chain}:${capacity}`.padEnd(width)}  ${words}`,
  );
  const parts = [
    value,
    [
      `${several(capacity, "run")} at once, in ${several(groups.length, "workloop")}:`,
      ...described,
    ].join("\n"),
    queueTable(explained.queues),
    ...unservedText(explained.unserved),
    fastLaneText(explained),
    sentText(explained),
    memoryText(capacity, runMemory),
  ];
  return `${parts.join("\n\n")}\n`;
}

function queueTable(queues: readonly Standing[]): string {
  const shared = queues.some((standing) => standing.shared > 0);
  const head = ["queue", "guaranteed", ...(shared ? ["shared"] : []), "preferred", "possible"];
  const rows = queues.map((q) => [
    q.queue,
    String(q.guaranteed),
    ...(shared ? [String(q.shared)] : []),
    String(q.preferred),
    String(q.possible),
  ]);
  const legend = [
    "guaranteed: slots that no other queue ever takes",
    ...(shared
      ? ["shared: slots that it has together with other queues, the oldest run first"]
      : []),
    "preferred: slots that it takes before the queues which are not named there",
    "possible: the most of its runs at once",
  ];
  return `${table(head, rows)}\n\n${legend.map((line) => `  ${line}`).join("\n")}`;
}

function unservedText(unserved: readonly string[]): string[] {
  if (unserved.length === 0) return [];
  return [`Nobody takes ${unserved.join(" or ")} here: another worker has to serve it.`];
}

const ordinals = ["1st", "2nd", "3rd"];

function fastLaneText({ fastLane, mended }: Explanation): string {
  const lines = fastLane.map((wait, i) => `  ${ordinals[i]}  ${waitText(wait)}`);
  const first = "Three fast_lane runs at one moment, while the slots of other queues are busy:";
  const mend = mended === undefined ? [] : [`To let the later ones go first: ${mended}`];
  return [first, ...lines, ...mend].join("\n");
}

function waitText(wait: Wait): string {
  switch (wait.for) {
    case "nothing":
      return "starts at once, in a slot that only fast_lane uses";
    case "next-slot":
      return `takes the next of ${several(wait.slots, "slot")}${behindText(wait.behind)}`;
    case "by-age":
      return `waits with default for one of ${several(wait.slots, "slot")}, the oldest first${behindText(wait.behind)}`;
    case "strict-slot":
      return wait.with.length === 0
        ? "waits until a run before it ends"
        : `waits with ${wait.with.join(" and ")} for one of ${several(wait.slots, "slot")}, the oldest first`;
    case "ever":
      return "is never taken here";
  }
}

function behindText(behind: readonly string[]): string {
  return behind.length === 0 ? "" : `, behind ${behind.join(" and ")}`;
}

function sentText({ groups, join }: Explanation): string {
  const claims = groups.map(({ claim }) => `  claim  ${JSON.stringify(claim)}`);
  return ["What the worker sends:", `  join   ${JSON.stringify(join)}`, ...claims].join("\n");
}

function memoryText(capacity: number, runMemory: number): string {
  const mib = (bytes: number) => `${Math.round(bytes / mebibyte).toLocaleString("en-US")} MiB`;
  const { overhead } = processDefaults;
  const needed = capacity * runMemory + overhead;
  return `Memory with every slot full: ${capacity} x ${mib(runMemory)} + ${mib(overhead)} for the worker = ${mib(needed)}.`;
}
