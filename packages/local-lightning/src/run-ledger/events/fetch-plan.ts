import { ok } from "../reply.ts";
import type { EventHandler } from "../run-event.ts";

/** The payload is not looked at. Source: protocol page, section 4.3. */
export const fetchPlan: EventHandler = ({ channel }) => ok(channel.run.plan);
