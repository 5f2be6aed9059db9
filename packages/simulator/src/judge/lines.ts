import type { RunRecord } from "@workloops/local-lightning/run-ledger";
import type { Fact } from "../world/fact.ts";
import type { Bench, Judge } from "./judge.ts";
import { RESENDS } from "./resends.ts";

/** A line that crashes its channel is sent a second time, and one without an answer a third time. */
const TRIES = 2;
/** What stands for a line that no frame can carry. A line of the world has a second part only to be one. */
export const TOO_DEEP = "(Log message left out: it is nested too deeply)";
const CONCLUSION = "Run complete with status: ";

interface Line {
  readonly run_id?: string;
  readonly message: readonly unknown[];
}

/** Invariant 6, for log lines: each one that a job said is held, was tried, or is counted as left out. */
export function judgeLines({ ledger, accuse }: Bench): Judge {
  const said = new Map<string, string[]>();
  const sent = new Map<string, number>();
  const leftOut = new Map<string, number>();
  const cutShort = new Set<string>();
  /** Runs of which a process said how they end, and died before it ended them: the next may execute them. */
  const concluded = new Set<string>();
  const retold = new Set<string>();
  /** The lines that were sent last, by topic, and those that must not be sent again. */
  const last = new Map<string, string>();
  const given = new Set<string>();

  const onSent = ({ frame, text }: Extract<Fact, { type: "sent" }>): void => {
    const { topic, event, payload } = frame;
    if (event !== "run:log" && event !== "run:batch_logs") return;
    if (given.size > 0 && given.has(topic + text))
      accuse(7, `${event} on ${topic} is sent for ever`);
    last.set(topic, text);
    const { logs = [payload as Line], run_id = "" } = payload as {
      logs?: readonly Line[];
      run_id?: string;
    };
    for (const { message } of logs) {
      const line = String(message[0]);
      sent.set(line, (sent.get(line) ?? 0) + 1);
      if (line.startsWith(CONCLUSION)) concluded.add(run_id);
      const count = /^(\d+) log lines were left out/.exec(line)?.[1];
      if (count === undefined) continue;
      if (leftOut.has(run_id) && leftOut.get(run_id) !== Number(count)) {
        accuse(6, `${run_id} says twice that lines are left out`);
      }
      leftOut.set(run_id, Number(count));
    }
  };
  const judge = (run: RunRecord): void => {
    if (run.ends[0]?.state !== "success" || cutShort.has(run.id)) return;
    const held = new Set(run.logs.map((log) => log.message));
    const missing = (said.get(run.id) ?? []).filter((line) => !held.has(line));
    const untried = missing.filter((line) => !sent.has(line));
    const floods = run.plan.jobs.some((job) => JSON.stringify(job).includes('\\"floods\\":true'));
    if (untried.length > 0 && !floods) accuse(6, `lines of ${run.id} are left out without need`);
    if (untried.length !== (leftOut.get(run.id) ?? 0)) {
      const told = leftOut.get(run.id) ?? 0;
      accuse(
        6,
        `${untried.length} lines of ${run.id} were not sent, ${told} are said to be left out`,
      );
    }
    const once = missing.find((line) => (sent.get(line) ?? TRIES) < TRIES);
    if (once !== undefined) accuse(6, `"${once}" was sent once and is not held`);
    for (const { message, level } of run.logs) {
      if (!message.startsWith(CONCLUSION) || retold.has(run.id)) continue;
      if (!message.endsWith("success")) accuse(6, `${run.id} says: ${message}`);
      if (level !== "success") accuse(6, `${run.id} is complete at level ${level}`);
    }
  };

  return {
    see: {
      sent: onSent,
      execute: ({ run }) => {
        said.set(run, []);
      },
      engine: ({ run, event }) => {
        if (event.type !== "log" || event.stepId === undefined) return;
        said.get(run)?.push(event.message.length > 1 ? TOO_DEEP : String(event.message[0]));
      },
      log: ({ message, fields: { event, attempt = 0, run } }) => {
        if (!String(event).includes("log") || Number(attempt) <= RESENDS) return;
        if (message.endsWith("was not answered in time")) {
          given.add(`run:${run}${last.get(`run:${run}`)}`);
        }
      },
      "process-killed": () => {
        for (const id of said.keys()) cutShort.add(id);
        const open = [...concluded].filter((id) => ledger.runs.get(id)?.ends.length === 0);
        for (const id of open) retold.add(id);
      },
      "process-stopped": ({ left }) => {
        for (const id of left) cutShort.add(id);
      },
    },
    atEnd: () => {
      for (const run of ledger.runs.values()) judge(run);
    },
  };
}
