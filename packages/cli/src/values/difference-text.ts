import { type Difference, isSame, type QueueDifference, type Standing } from "@workloops/parser";
import { table } from "./table.ts";

/** What changes between two configurations, in words and as a table of the queues that it concerns. */
export function differenceText(difference: Difference): string {
  if (isSame(difference)) return "Nothing changes for any queue.\n";
  const { capacity, queues, groups } = difference;
  const runs = `${capacity.before === 1 ? "run" : "runs"} at once`;
  const first =
    capacity.before === capacity.after
      ? `${capacity.before} ${runs}, as before.`
      : `${arrow(capacity.before, capacity.after)} runs at once.`;
  const loops = [
    ...groups.removed.map(({ chain, capacity: size }) => `  ends     ${chain}:${size}`),
    ...groups.added.map(({ chain, capacity: size }) => `  begins   ${chain}:${size}`),
    ...groups.resized.map(({ chain, before, after }) => {
      return `  changes  ${chain}:${before} -> ${chain}:${after}`;
    }),
  ];
  const parts = [first];
  if (queues.length > 0) parts.push(queueTable(queues));
  if (loops.length > 0) parts.push(["Workloops:", ...loops].join("\n"));
  return `${parts.join("\n\n")}\n`;
}

function queueTable(queues: readonly QueueDifference[]): string {
  const shared = queues.some(({ before, after }) => before.shared + after.shared > 0);
  const head = [
    "queue",
    "guaranteed",
    ...(shared ? ["shared"] : []),
    "preferred",
    "possible",
    "order",
  ];
  const rows = queues.map(({ queue, before, after }) => [
    queue,
    arrow(before.guaranteed, after.guaranteed),
    ...(shared ? [arrow(before.shared, after.shared)] : []),
    arrow(before.preferred, after.preferred),
    arrow(before.possible, after.possible),
    arrow(placesText(before), placesText(after)),
  ]);
  return table(head, rows);
}

/** `1st in 4, 2nd in 2`: its places in the order of the groups with `*`, and their slots. */
function placesText({ places }: Standing): string {
  const one = ({ place, slots }: Standing["places"][number]) => `${ordinal(place)} in ${slots}`;
  return places.length === 0 ? "none" : places.map(one).join(", ");
}

function ordinal(place: number): string {
  return `${place}${["st", "nd", "rd"][place - 1] ?? "th"}`;
}

function arrow(before: number | string, after: number | string): string {
  return before === after ? String(before) : `${before} -> ${after}`;
}
