import { isRecord, own } from "@workloops/worker/protocol";
import { isBlank } from "../field.ts";
import { chooseCredential } from "../keychain.ts";
import { rememberSecrets } from "../log-message.ts";
import { blank, crash, ok, refuseWrapped } from "../reply.ts";
import type { EventHandler } from "../run-event.ts";
import type { RunRecord } from "../run-record.ts";

/**
 * The credential's body as it is, without the values that are empty strings; its values are kept
 * out of this channel's later log lines. Source: protocol page, section 4.4.
 */
export const fetchCredential: EventHandler = ({ channel, payload }) => {
  const { run } = channel;
  if (!isRecord(payload)) return crash("fetch:credential: the payload is no object");
  const id = own(payload, "id");
  if (isBlank(id)) return refuseWrapped("id", blank);
  if (typeof id !== "string" || !run.credentials.has(id))
    return refuseWrapped("id", "Credential not found!");
  const stored = resolve(run, run.credentials.get(id));
  if (isRecord(stored) && typeof own(stored, "$refused") === "string")
    // Reauthorisation, an environment that does not fit, a provider that is away: bare text.
    return { kind: "error", response: own(stored, "$refused") };
  const body = isRecord(stored)
    ? Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== ""))
    : stored;
  rememberSecrets(channel.secrets, body);
  return ok(body);
};

/** A keychain stands for one of the run's credentials, which its input chooses, or for none. */
function resolve(run: RunRecord, stored: unknown): unknown {
  const keychain = isRecord(stored) ? own(stored, "$keychain") : undefined;
  if (keychain === undefined) return stored ?? null;
  const { dataclip_id: inputId } = run.plan;
  const input = inputId === null ? null : (run.dataclips.get(inputId) ?? null);
  const chosen = chooseCredential(keychain, input);
  return chosen === undefined ? null : (run.credentials.get(chosen) ?? null);
}
