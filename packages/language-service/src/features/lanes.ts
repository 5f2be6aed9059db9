import { defaultChain, processDefaults, queueText } from "@workloops/parser";
import type { Document } from "../document.ts";
import { parseOnce } from "../parse-once.ts";
import { isWorker, type Place, type Process, winner } from "../process.ts";
import { perDocument } from "./per-document.ts";

/** A lane that some process of the workspace runs, as far as its files say. */
export interface Lane extends Place {
  /** The process, for people: `service worker`. */
  readonly process: string;
  /** Names in order of preference, `*` for any. */
  readonly queues: readonly string[];
  /** Runs at once; undefined where that cannot be read. */
  readonly capacity: number | undefined;
}

/** The lanes of all workers in the documents; a worker that is told nothing runs the default ones. */
export function lanes(documents: Iterable<Document>): Lane[] {
  return [...documents].flatMap(lanesIn);
}

const lanesIn = perDocument((document) => document.processes.flatMap(lanesOf));

/** The lanes that take runs of a queue. */
export function lanesServing(all: readonly Lane[], queue: string): Lane[] {
  return all.filter(({ queues }) => queues.includes(queue) || queues.includes("*"));
}

function lanesOf(process: Process): Lane[] {
  const place = { uri: process.uri, span: process.span, process: process.name };
  const told = winner(process, "workloops");
  if (told !== undefined) {
    if (told.value === undefined || told.value.certainty === "opaque") return [];
    return parseOnce(told.value.text).tree.groups.map((group) => ({
      ...place,
      queues: group.chain.queues.map(queueText),
      capacity: group.broken ? undefined : group.capacity?.value,
    }));
  }
  if (!isWorker(process)) return [];
  const capacity = winner(process, "capacity");
  const known = capacity === undefined ? processDefaults.capacity : Number(capacity.value?.text);
  return [
    {
      ...place,
      queues: defaultChain.split(">"),
      capacity: Number.isInteger(known) && known > 0 ? known : undefined,
    },
  ];
}
