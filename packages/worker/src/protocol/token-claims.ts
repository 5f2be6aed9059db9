import { bad, good, isRecord, own, type Read, readName } from "./read.ts";

/** Who signs. Source: lightning-protocol 1.4 and 4.2. */
export const WORKER_TOKEN_ISSUER = "urn:openfn:worker";
export const RUN_TOKEN_ISSUER = "Lightning";
export const WORKER_TOKEN_ALGORITHM = "HS256";
export const RUN_TOKEN_ALGORITHM = "RS256";
/** How far two clocks may differ before a time in a token is judged. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** What the worker says of itself when the socket opens. No expiry: made once for each process. */
export interface WorkerClaims {
  readonly worker_id: string;
  readonly iat: number;
  readonly iss: typeof WORKER_TOKEN_ISSUER;
}

/** What the server says of a run that it handed out. Times are seconds since the epoch. */
export interface RunClaims {
  readonly iss: string;
  readonly id: string;
  readonly sub?: string;
  readonly nbf?: number;
  readonly exp?: number;
}

/** Unknown claims -> claims, or what is wrong in them. Does not judge times, signature or issuer. */
export function readRunClaims(value: unknown): Read<RunClaims> {
  if (!isRecord(value)) return bad("token: its claims are no object");
  const iss = readName(value, "iss", "token");
  if (!iss.ok) return iss;
  const id = readName(value, "id", "token");
  if (!id.ok) return id;
  const sub = own(value, "sub");
  const nbf = own(value, "nbf");
  const exp = own(value, "exp");
  if (sub !== undefined && typeof sub !== "string") return bad("token.sub: not a string");
  if (nbf !== undefined && typeof nbf !== "number") return bad("token.nbf: not a number");
  if (exp !== undefined && typeof exp !== "number") return bad("token.exp: not a number");
  return good({
    iss: iss.value,
    id: id.value,
    ...(sub !== undefined && { sub }),
    ...(nbf !== undefined && { nbf }),
    ...(exp !== undefined && { exp }),
  });
}
