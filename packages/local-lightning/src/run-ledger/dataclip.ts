import { isRecord, own } from "@workloops/worker/protocol";
import { isBlank, isUuid } from "./field.ts";
import { blank, crash, invalid, type Reply, refuse } from "./reply.ts";

export type Dataclip =
  | { readonly kind: "none" }
  /** JSON text; null: not kept, since the run does not save dataclips. */
  | { readonly kind: "dataclip"; readonly id: string; readonly text: string | null };

type Refused = { readonly kind: "refused"; readonly reply: Reply };

/**
 * The output of a step: id and body come together or not at all, but where dataclips are not
 * saved an id alone makes an empty one. The body is JSON text or, since Lightning 2.19, JSON
 * itself; what is no object becomes `{ value }`. Source: protocol page, section 4.7.
 */
export function readDataclip(
  payload: Readonly<Record<string, unknown>>,
  saves: boolean,
): Dataclip | Refused {
  const id = own(payload, "output_dataclip_id");
  const body = own(payload, "output_dataclip");
  if (isBlank(id)) {
    if (body === undefined || body === null || !saves) return { kind: "none" };
    return { kind: "refused", reply: refuse("output_dataclip_id", blank) };
  }
  if (!isUuid(id)) return { kind: "refused", reply: refuse("output_dataclip_id", invalid) };
  if (!saves) return { kind: "dataclip", id, text: null };
  if (body === undefined || body === null)
    return { kind: "refused", reply: refuse("output_dataclip", blank) };
  if (typeof body !== "string") return { kind: "dataclip", id, text: textOf(body) };
  try {
    return { kind: "dataclip", id, text: textOf(JSON.parse(body)) };
  } catch {
    return { kind: "refused", reply: crash("step:complete: output_dataclip is not JSON text") };
  }
}

function textOf(value: unknown): string {
  return JSON.stringify(isRecord(value) ? value : { value });
}
