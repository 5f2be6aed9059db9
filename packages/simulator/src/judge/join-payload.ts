import { phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import type { Bench, Judge } from "./judge.ts";

/** The server is told of every slot: those of groups that share a chain together, whatever it is called. */
export function judgeJoinPayload({ scenario, accuse }: Bench): Judge {
  const wanted = new Map<string, number>();
  for (const group of scenario.configuration.split(" ")) {
    const [chain = "", capacity] = group.split(":");
    wanted.set(chain, (wanted.get(chain) ?? 0) + Number(capacity));
  }
  const all = [...wanted.values()].reduce((sum, each) => sum + each, 0);
  return {
    see: {
      sent: ({ frame: { topic, event }, text }) => {
        if (topic !== QUEUE_TOPIC || event !== phoenix.join) return;
        const { capacity, queues } = JSON.parse(text) as {
          capacity: number;
          queues: Readonly<Record<string, number>>;
        };
        const told = new Map(Object.entries(queues));
        const differs = [...wanted].some(([chain, slots]) => told.get(chain) !== slots);
        if (differs || told.size !== wanted.size || capacity !== all) {
          accuse(1, `the server is told of other slots than there are: ${text}`);
        }
      },
    },
  };
}
