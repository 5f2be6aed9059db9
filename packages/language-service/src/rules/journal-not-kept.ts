import { type Process, winner } from "../process.ts";
import { foundAt, type ProcessRule } from "./host-rule.ts";
import { lostFolder } from "./lost-folder.ts";

export const journalNotKept: ProcessRule = {
  code: "journal-not-kept",
  severity: "hint",
  summary: "What a killed worker held is forgotten with its container.",
  why: `A worker writes down in its state dir which runs it holds, and the next worker on that folder ends what a killed one left, within seconds. Without a volume there, a new container finds an empty folder: those runs stay claimed or started until Lightning's janitor calls them lost. OpenFn's own worker keeps no journal, so its images are let pass; where you want none, say \`--no-journal\` or \`WORKER_JOURNAL: "false"\`.`,
  bad: {
    language: "yaml",
    text: `services:
  worker:
    image: workloops:0.1.0
    stop_grace_period: 320s
    environment:
      WORKER_WORKLOOPS: fast_lane:1 manual>*:4
      WORKER_STATE_DIR: /state`,
  },
  good: {
    language: "yaml",
    text: `services:
  worker:
    image: workloops:0.1.0
    stop_grace_period: 320s
    environment:
      WORKER_WORKLOOPS: fast_lane:1 manual>*:4
      WORKER_STATE_DIR: /state
    volumes:
      - state:/state`,
  },
  data: { stateDir: "the folder of the journal, or null where it is the default" },
  fixes: [],
  find: (process, { uri }) => {
    if (process.uri !== uri || !keepsJournal(process)) return [];
    const lost = lostFolder(process, "state-dir");
    if (lost === undefined) return [];
    const { folder } = lost;
    const message = `No volume keeps ${folder === null ? "the worker's journal" : `\`${folder}\``}: what a killed worker held is forgotten with its container.`;
    return [foundAt(process, message, { data: { stateDir: folder } })];
  },
};

/** The workers of this repository do, by their image or by an option that no other worker has. */
function keepsJournal(process: Process): boolean {
  const own = /(?:^|\/)workloops(?:-worker)?(?::|@|$)/.test(process.image?.text ?? "");
  const given = winner(process, "journal");
  if (given === undefined) return own || winner(process, "state-dir") !== undefined;
  // What is passed through from elsewhere may be either.
  if (given.value === undefined || given.value.certainty === "opaque") return false;
  const isOff = /^(?:false|0)$/i.test(given.value.text);
  return given.name === "--no-journal" ? isOff : !isOff;
}
