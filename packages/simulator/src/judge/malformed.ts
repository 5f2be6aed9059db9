import { type Frame, phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import type { Bench } from "./judge.ts";

const TOLD_EVERY_MS = 60_000;

/** What is no reply is told once a minute, and that line says how many came before it untold. */
export interface Malformed {
  /** @returns true where a line has to tell of what was read */
  read(frame: Frame): boolean;
  log(line: Extract<Fact, { type: "log" }>): void;
  /** Another process begins. */
  forget(): void;
}

export function followMalformed({ now, accuse }: Pick<Bench, "now" | "accuse">): Malformed {
  let quietUntil = 0;
  let untold = 0;
  return {
    read: (frame) => {
      if (!isNoReply(frame)) return false;
      if (now() >= quietUntil) return true;
      untold += 1;
      return false;
    },
    log: ({ message, fields }) => {
      if (!message.startsWith("ignored: ")) return;
      if (now() < quietUntil) accuse(7, "more than a line a minute tells of what is no reply");
      const told = Number(fields["untold_before"]);
      // Runs' channels have such replies too, and this counts the queue's alone.
      if (!(told >= untold)) accuse(6, `${untold} were no reply, and a line says ${told}`);
      quietUntil = now() + TOLD_EVERY_MS;
      untold = 0;
    },
    forget: () => {
      quietUntil = 0;
      untold = 0;
    },
  };
}

function isNoReply({ topic, event, payload }: Frame): boolean {
  if (topic !== QUEUE_TOPIC || event !== phoenix.reply) return false;
  const { status } = (payload ?? {}) as { status?: unknown };
  return status !== "ok" && status !== "error";
}
