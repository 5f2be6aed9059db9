import type {
  JournalEntry,
  JournalledRun,
  LogFields,
  LogLevel,
  Observation,
} from "@workloops/worker/core";
import type { Ports } from "@workloops/worker/ports";
import type { Frame } from "@workloops/worker/protocol";
import type { RowNumber } from "./matrix.ts";

export type Execute = Ports["engine"]["execute"];
export type RunEvent = Parameters<Parameters<Execute>[4]>[0];

/** Something that happened in a world, at a place where it can be seen from outside the worker. */
export type Fact =
  | { readonly type: "opening"; readonly socket: number }
  | { readonly type: "opened"; readonly socket: number }
  /** The worker closes it, or has it closed already. */
  | { readonly type: "closing"; readonly socket: number }
  | { readonly type: "closed"; readonly socket: number; readonly reason: string }
  /** The worker handed it to its socket. `text` is its payload as JSON. */
  | {
      readonly type: "sent";
      readonly socket: number;
      readonly frame: Frame;
      readonly text: string;
    }
  /** The worker is given it. */
  | { readonly type: "read"; readonly socket: number; readonly frame: Frame }
  /** The server took it up. */
  | { readonly type: "taken"; readonly socket: number; readonly frame: Frame }
  /** It was on its way to the worker and never came. */
  | { readonly type: "vanished"; readonly socket: number; readonly frame: Frame }
  | { readonly type: "queued"; readonly run: string; readonly queue: string }
  /** The server gave runs away in answer to the claim of this ref. */
  | { readonly type: "granted"; readonly chain: string; readonly runs: readonly string[] }
  | { readonly type: "lost-by-janitor"; readonly runs: readonly string[] }
  | { readonly type: "released"; readonly runs: readonly string[] }
  | {
      readonly type: "execute";
      readonly run: string;
      readonly lane: string;
      readonly plan: Parameters<Execute>[0];
      readonly input: string;
      readonly options: Parameters<Execute>[2];
    }
  | { readonly type: "engine"; readonly run: string; readonly event: RunEvent }
  | { readonly type: "engine-ended"; readonly run: string }
  /** The worker has the token of this run checked, which is the first thing that it does with it. */
  | { readonly type: "token-asked"; readonly run: string }
  | { readonly type: "journal"; readonly entry: JournalEntry }
  | {
      readonly type: "log";
      readonly level: LogLevel;
      readonly message: string;
      readonly fields: LogFields;
    }
  | { readonly type: "observe"; readonly observation: Observation }
  | { readonly type: "process-started"; readonly process: number }
  /** The worker is given what one held that has died: at its start, or while it runs. */
  | { readonly type: "given-back"; readonly runs: readonly JournalledRun[] }
  | { readonly type: "process-killed"; readonly process: number }
  | { readonly type: "process-stopped"; readonly process: number; readonly left: readonly string[] }
  | { readonly type: "suspended"; readonly forMs: number }
  | { readonly type: "resumed" }
  /** It has stopped before it took up what came while it was suspended. */
  | { readonly type: "unread"; readonly things: number }
  | { readonly type: "sigterm"; readonly withinMs: number }
  /** Something came that is no frame. */
  | { readonly type: "garbled"; readonly socket: number }
  /** Its alarm rang long after its time, because it was suspended. */
  | { readonly type: "woken-late" }
  /** Someone asks every lane to claim now. */
  | { readonly type: "told-to-claim" }
  | { readonly type: "clock-jumped"; readonly toMs: number }
  | { readonly type: "fault"; readonly row: RowNumber; readonly detail: string }
  | { readonly type: "healed" };

export type Tell = (fact: Fact) => void;
