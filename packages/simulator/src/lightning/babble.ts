import { type Frame, HEARTBEAT_TOPIC, phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import type { Chance } from "../world/chance.ts";
import type { World } from "../world/world.ts";

const reply = { joinRef: null, topic: QUEUE_TOPIC, event: phoenix.reply } as const;
const push = { joinRef: null, ref: null, payload: {} } as const;

/** What means nothing to a worker, and must change nothing for it. */
const nothings: readonly Frame[] = [
  { ...reply, ref: "1000000", payload: { status: "ok", response: { runs: [] } } },
  { ...reply, ref: null, payload: { status: "ok", response: {} } },
  { ...reply, ref: "1", payload: { status: "perhaps", response: {} } },
  { ...reply, ref: "0", topic: HEARTBEAT_TOPIC, payload: { status: "ok", response: {} } },
  { ...push, topic: "worker:elsewhere", event: "work-available" },
  { ...push, topic: QUEUE_TOPIC, event: "work-unavailable" },
];

/** The server says something that nobody asked for, on every socket. */
export function babble({ server }: World, chance: Chance): void {
  for (const [connection, channels] of server.connections) {
    const [run] = [...channels.values()].filter((channel) => channel.run !== undefined);
    const onRun = run === undefined ? [] : [{ ...push, topic: run.topic, event: "work-available" }];
    if (chance.happens(0.2)) connection.garble();
    else connection.send(chance.pick([...nothings, ...onRun]));
  }
}
