import type { CapacityFault, Code, ProblemData } from "./diagnostic.ts";
import { visible } from "./visible.ts";

type Sentence<C extends Code> = (data: ProblemData[C]) => string;

const quote = (text: string) => `\`${visible(text)}\``;

const number = (n: number) => n.toLocaleString("en-US");
const mebibytes = (bytes: number) => `${number(Math.round(bytes / 1024 / 1024))} MiB`;

const capacityFaults: Readonly<Record<CapacityFault, string>> = {
  absent: "nothing stands behind the colon",
  zero: "a group of capacity 0 never claims",
  sign: "a capacity has no sign",
  fraction: "a capacity is a whole number, without a point",
  exponent: "a capacity has no exponent; write out its digits",
  "leading-zero": "a capacity has no leading zero",
  "above-limit": "that is above the limit",
  "not-digits": "a capacity is written with the digits 0 to 9 alone",
};

const emptyNames: Readonly<Record<ProblemData["queue-name-empty"]["place"], string>> = {
  only: "No queue stands before the colon: write one, or `*` for any queue.",
  first: "No queue stands before the first `>`: write one, or remove the `>`.",
  middle: "No queue stands between two `>`: write one, or remove a `>`.",
  last: "No queue stands behind the last `>`: write one, or `*` for any queue.",
};

const tooLargeUnits: Readonly<Record<ProblemData["too-large"]["what"], string>> = {
  text: "characters",
  groups: "groups",
  queues: "queues in this chain",
};

/** The sentence of each code: what is wrong, and what to write instead. A code without one does not compile. */
const messages: { readonly [C in Code]: Sentence<C> } = {
  empty: () => "The value is empty: write at least one group, such as `manual>*:5`.",
  "too-large": ({ what, count, limit }) =>
    `There are ${number(count)} ${tooLargeUnits[what]}; at most ${number(limit)} are read.`,
  "capacity-missing": ({ group, cut }) =>
    cut
      ? `${quote(group)} has no capacity, because white space ends a group: write the whole group without spaces, such as \`manual>*:4\`.`
      : `${quote(group)} has no capacity: write a colon and how many runs it may hold behind it, as in \`manual>*:4\`.`,
  "capacity-invalid": ({ text, fault, limit }) =>
    fault === "absent"
      ? `The capacity is missing: ${capacityFaults.absent}. Write a whole number from 1 to ${number(limit)}.`
      : `${quote(text)} is no capacity: ${capacityFaults[fault]}. Write a whole number from 1 to ${number(limit)}.`,
  "queue-name-empty": ({ place }) => emptyNames[place],
  "queue-name-invalid": ({ name, found, limit }) =>
    found === undefined
      ? `The queue name ${quote(name)} has ${number(name.length)} characters; at most ${limit} are allowed.`
      : `${quote(name)} is no queue name, because of ${quote(found)}: use the letters A to Z and a to z, digits and \`_\`, or \`*\` alone.`,
  "wildcard-not-last": ({ behind }) =>
    `\`*\` is any queue and stands last in its chain; ${quote(behind)} stands behind it.`,
  "white-space-invalid": ({ characters }) =>
    `${characters.join(", ")} is white space that cannot be told from a space: write an ordinary one.`,
  "text-unexpected": ({ text }) =>
    `${quote(text)} is no part of a group: a value is groups such as \`manual>*:4\`, separated by spaces.`,
  "legacy-comma": ({ replacement }) =>
    `Queues are separated by \`>\`, no longer by \`,\`: write ${quote(replacement)}.`,
  "duplicate-queue": ({ queue }) =>
    `${quote(queue)} stands in this chain already; this second mention does nothing.`,
  "identical-groups": ({ chain, capacities }) =>
    `${capacities.length} groups have the chain ${quote(chain)}, and a worker reports its capacity by chain: write one group with capacity ${capacities.reduce((a, b) => a + b, 0)}.`,
  "queue-unknown": ({ queue, known, suggestion, strict }) =>
    [
      `${quote(queue)} is no known queue (${known.map(quote).join(", ")})`,
      strict ? ", and a claim for an unknown queue brings no runs and no error." : ".",
      suggestion === undefined ? "" : ` Did you mean ${quote(suggestion)}?`,
    ].join(""),
  "strict-chain-order": ({ chain }) =>
    `Without \`*\` the server does not serve ${quote(chain)} in order: it takes the oldest run of these queues.`,
  "fast-lane-not-preferred": ({ queue }) =>
    `No group names ${quote(queue)}, so \`*\` serves it by age, with no preference over \`default\`.`,
  "capacity-exclusivity": () =>
    "Workloops and a capacity are both given, and the worker refuses that, even where one is empty: a configuration holds the capacities, so remove the capacity.",
  "memory-ceiling": ({ slots, runMemory, overhead, needed, memoryLimit, fits }) =>
    `${number(slots)} slots of ${mebibytes(runMemory)} and ${mebibytes(overhead)} for the worker are ${mebibytes(needed)}, above the limit of ${mebibytes(memoryLimit)}: ${
      fits === 0 ? "no slot fits" : `a total capacity of ${number(fits)} fits`
    }.`,
  "stop-grace-short": ({ stopGrace, needed, because }) =>
    `The process is killed after ${number(stopGrace)} s, but ${
      because === "drain-timeout" ? "its drain takes" : "a run and its end take"
    } up to ${number(needed)} s: allow at least that.`,
};

/** The sentence of a problem. */
export function messageOf<C extends Code>(code: C, data: ProblemData[C]): string {
  return messages[code](data);
}
