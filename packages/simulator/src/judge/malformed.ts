import { phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import type { Fact } from "../world/fact.ts";
import type { Bench } from "./judge.ts";

const TOLD_EVERY_MS = 60_000;

/** What is no reply is told once a minute, and that line says how many came before it untold. */
export interface Malformed {
  /** True where a line has to tell of what was read. */
  readonly see: (fact: Fact) => boolean;
}

export function followMalformed({ now, accuse }: Pick<Bench, "now" | "accuse">): Malformed {
  let quietUntil = 0;
  let untold = 0;
  return {
    see(fact) {
      if (fact.type === "process-started") {
        quietUntil = 0;
        untold = 0;
      } else if (fact.type === "log" && fact.message.startsWith("ignored: ")) {
        if (now() < quietUntil) accuse(7, "more than a line a minute tells of what is no reply");
        const told = Number(fact.fields["untold_before"]);
        // Runs' channels have such replies too, and this counts the queue's alone.
        if (!(told >= untold)) accuse(6, `${untold} were no reply, and a line says ${told}`);
        quietUntil = now() + TOLD_EVERY_MS;
        untold = 0;
      } else if (fact.type === "read" && isNoReply(fact.frame)) {
        if (now() >= quietUntil) return true;
        untold += 1;
      }
      return false;
    },
  };
}

function isNoReply({ topic, event, payload }: Extract<Fact, { type: "read" }>["frame"]): boolean {
  const { status } = (payload ?? {}) as { status?: unknown };
  return topic === QUEUE_TOPIC && event === phoenix.reply && status !== "ok" && status !== "error";
}
