import { isRecord, own } from "@workloops/worker/protocol";
import { isBlank } from "../field.ts";
import { rememberSecrets } from "../log-message.ts";
import { blank, crash, ok, refuseWrapped } from "../reply.ts";
import type { EventHandler } from "../run-event.ts";

/**
 * The credential's body as it is, without the values that are empty strings; its values are kept
 * out of this channel's later log lines. Source: protocol page, section 4.4.
 */
export const fetchCredential: EventHandler = ({ channel, payload }) => {
  if (!isRecord(payload)) return crash("fetch:credential: the payload is no object");
  const id = own(payload, "id");
  if (isBlank(id)) return refuseWrapped("id", blank);
  if (typeof id !== "string" || !channel.run.credentials.has(id))
    return refuseWrapped("id", "Credential not found!");
  const stored = channel.run.credentials.get(id) ?? null;
  if (isRecord(stored) && typeof own(stored, "$refused") === "string")
    // Reauthorisation, an environment that does not fit, a provider that is away: bare text.
    return { kind: "error", response: own(stored, "$refused") };
  const body = isRecord(stored)
    ? Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== ""))
    : stored;
  rememberSecrets(channel.secrets, body);
  return ok(body);
};
