import { bad, good, isRecord, kindOf, own, type Read } from "./read.ts";

/** What `phx_reply` carries. The response may be anything, bytes included. */
export interface Reply {
  readonly status: "ok" | "error";
  readonly response: unknown;
}

export function readReply(value: unknown): Read<Reply> {
  if (!isRecord(value)) return bad(`reply: ${kindOf(value)}, not an object`);
  const status = own(value, "status");
  if (status !== "ok" && status !== "error") return bad("reply.status: neither ok nor error");
  return good({ status, response: own(value, "response") });
}

/** The longest sentence that is made of what a server answered: an answer may be of any size. */
const MAX_SENTENCE_CHARACTERS = 500;

/**
 * What an error reply says, as one line for people.
 * It comes as `{ reason }`, `{ field: [text] }`, `{ errors: { field: [text] } }` or bare text
 * (lightning-protocol 4.12), and anything else is tolerated.
 */
export function sayRefusal(response: unknown): string {
  return withoutTokens(refusalText(response).slice(0, MAX_SENTENCE_CHARACTERS));
}

/** A server may quote what it was sent, and what it says is logged. Signed tokens begin with `{"`. */
export function withoutTokens(text: string): string {
  return text.replace(/eyJ[\w.-]+/g, "(a token)");
}

function refusalText(response: unknown): string {
  if (typeof response === "string") return response;
  if (!isRecord(response)) return `no reason given (${kindOf(response)})`;
  const reason = own(response, "reason");
  if (typeof reason === "string") return reason;
  const nested = own(response, "errors");
  const fields = Object.entries(isRecord(nested) ? nested : response);
  if (fields.length === 0) return "no reason given";
  return fields
    .map(([field, texts]) => `${field}: ${[texts].flat().map(say).join(", ")}`)
    .join("; ");
}

/** Only what is plain is repeated: turning an object of a stranger into text may throw. */
function say(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : kindOf(value);
}

/**
 * True where an error says that the same thing is there already: the first sending arrived and
 * only its reply was lost. Source: lightning-protocol 4.7 and 4.9.
 */
export function saysAlreadyThere(response: unknown): boolean {
  return /already|has been taken|must be unique|not unique|duplicate/i.test(refusalText(response));
}

/** The text of a binary reply, or of a list of byte values, which some servers send instead. */
export function readBytes(response: unknown, where: string): Read<Uint8Array> {
  if (response instanceof Uint8Array) return good(response);
  if (Array.isArray(response) && response.every(isByte)) return good(Uint8Array.from(response));
  return bad(`${where}: ${kindOf(response)}, not bytes`);
}

function isByte(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}
