import { claimConformance } from "./conformance/claims.ts";
import { eventConformance } from "./conformance/events.ts";
import { lifeConformance } from "./conformance/life.ts";
import type { LightningPort } from "./lightning-port.ts";

/** What holds for every Lightning of ours, whether its wire is a socket or a function call. */
export function lightningConformance(start: () => Promise<LightningPort>): void {
  claimConformance(start);
  eventConformance(start);
  lifeConformance(start);
}
