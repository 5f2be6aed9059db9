import { phoenix, QUEUE_TOPIC } from "@workloops/worker/protocol";
import { babble } from "../lightning/babble.ts";
import { endChannel, pushWakeUp } from "../lightning/server.ts";
import { type Chance, createChance } from "./chance.ts";
import type { World } from "./world.ts";

/** Does now and then what does not wait for a message: cuts, freezes, kills, jumps. */
export function haunt(world: World): void {
  const chance = createChance(world.scenario.seed, "gremlin");
  const visit = (): void => {
    if (world.isOver) return;
    strike(world, chance);
    world.agenda.after(chance.between(100, 1_500), visit);
  };
  world.agenda.after(chance.between(0, 1_500), visit);
}

/** What nobody has asked for, and what is no fault either. */
const MEDDLES = 0.06;

function strike(world: World, chance: Chance): void {
  const { faults, network, life, scenario } = world;
  strikeSockets(world, chance);
  if (scenario.aimedAt === undefined && chance.happens(MEDDLES)) babble(world, chance);
  if (faults.strikes(8, "the server is away", 0.2)) {
    network.awayUntil = world.agenda.now() + chance.between(100, 6_000);
    for (const connection of world.server.connections.keys()) connection.cut("the server is away");
  }
  if (faults.strikes(25, "the clock jumps", 0.5)) {
    // More than the server's patience would have it call runs lost that the worker says began before.
    const toMs = chance.pick([-300_000, -10_000, 0, 10_000, 300_000]);
    world.clockOffsetMs = toMs;
    world.tell({ type: "clock-jumped", toMs });
  }
  if (faults.strikes(26, "a storm of wake-ups", 0.5)) storm(world, chance);
  if (life === undefined) return;
  if (!scenario.polling || (scenario.aimedAt === undefined && chance.happens(MEDDLES))) {
    life.claimNow();
  }
  if (faults.strikes(17, "SIGKILL", 0.5)) life.process.killAfter(1 + chance.below(60));
  if (faults.strikes(18, "SIGTERM", 0.2)) life.terminate();
  if (faults.strikes(19, "SIGTERM twice", 0.7)) {
    life.terminate();
    world.agenda.after(chance.between(0, 1_000), () => life.terminateAgain());
  }
  if (faults.strikes(25, "the process is suspended", 0.2)) {
    life.process.suspend(chance.pick([500, 3_000, 60_000]));
  }
}

function strikeSockets({ faults, server, scenario }: World, chance: Chance): void {
  const connections = [...server.connections.keys()];
  if (connections.length === 0) return;
  const connection = chance.pick(connections);
  const channels = [...(server.connections.get(connection)?.values() ?? [])];
  if (channels.length > 0 && faults.strikes(9, "the server closes a channel", 0.3)) {
    endChannel(server, connection, chance.pick(channels), phoenix.close);
  }
  if (faults.strikes(6, "the socket drops")) connection.cut("reset by peer");
  if (faults.strikes(7, "the socket is half-open")) connection.freeze();
  if (faults.strikes(7, "the socket stands still", 0.5)) {
    connection.stall(scenario.timing.heartbeatMs * chance.between(0.2, 3));
  }
}

function storm({ agenda, server }: World, chance: Chance): void {
  const count = 20 + chance.below(200);
  for (let push = 0; push < count; push += 1) {
    agenda.after(chance.between(0, 300), () => {
      for (const connection of server.connections.keys()) {
        pushWakeUp(server, connection, QUEUE_TOPIC);
      }
    });
  }
}
