import { QUEUE_TOPIC } from "@workloops/worker/protocol";
import { pushWakeUp, type Server } from "./server.ts";

/** A run was made: every worker hears of it when its window ends. Source: lightning-protocol 2.4. */
export function wakeWorkers(server: Server): void {
  const { scenario, faults, agenda, waking, connections } = server;
  if (!scenario.wakeUps) {
    // Row 26 without a single wake-up: what is left out is the fault.
    faults.strikes(26, "no wake-up is sent", 10);
    return;
  }
  for (const connection of connections.keys()) {
    if (scenario.wakeUpWindowMs === 0) pushWakeUp(server, connection, QUEUE_TOPIC);
    else if (!waking.has(connection)) {
      waking.add(connection);
      agenda.after(scenario.wakeUpWindowMs, () => {
        if (waking.delete(connection)) pushWakeUp(server, connection, QUEUE_TOPIC);
      });
    }
  }
}
