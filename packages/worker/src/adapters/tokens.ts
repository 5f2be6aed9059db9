import { decodeJwt, importSPKI, jwtVerify, SignJWT } from "jose";
import type { TokenVerdict } from "../core/index.ts";
import type { Tokens } from "../ports.ts";
import {
  CLOCK_TOLERANCE_SECONDS,
  isRecord,
  RUN_TOKEN_ALGORITHM,
  RUN_TOKEN_ISSUER,
  readRunClaims,
  WORKER_TOKEN_ALGORITHM,
  WORKER_TOKEN_ISSUER,
  type WorkerClaims,
} from "../protocol/index.ts";

/** What the worker shows when it opens a socket. The key is the secret's own bytes (protocol page, 1.4). */
export async function mintWorkerToken(
  secret: string,
  workerId: string,
  now: Date = new Date(),
): Promise<string> {
  const claims: WorkerClaims = {
    worker_id: workerId,
    iat: Math.floor(now.getTime() / 1_000),
    iss: WORKER_TOKEN_ISSUER,
  };
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: WORKER_TOKEN_ALGORITHM })
    .sign(new TextEncoder().encode(secret));
}

/**
 * Judges run tokens with Lightning's public key (base64 of a PEM): signature, issuer, times, and
 * that it is for this run. Without a key a token is only looked into for the time that it ends at.
 * @throws Error where the key is none
 */
export async function runTokens(publicKey: string | undefined): Promise<Tokens> {
  if (publicKey === undefined) return { check: async (token) => unchecked(token) };
  const pem = publicKey.includes("-----BEGIN")
    ? publicKey
    : Buffer.from(publicKey, "base64").toString("utf8");
  const key = await importSPKI(pem, RUN_TOKEN_ALGORITHM).catch(() => {
    throw new Error("the public key is not the base64 of a PEM that holds an RSA key");
  });
  return {
    async check(token, run) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [RUN_TOKEN_ALGORITHM],
          issuer: RUN_TOKEN_ISSUER,
          clockTolerance: CLOCK_TOLERANCE_SECONDS,
        });
        return judge(payload, run);
      } catch (error) {
        return { ok: false, problem: `The run's token is refused: ${sayWhy(error)}.` };
      }
    },
  };
}

function judge(payload: unknown, run: string): TokenVerdict {
  const claims = readRunClaims(payload);
  if (!claims.ok) return { ok: false, problem: `The run's token is refused: ${claims.problem}.` };
  if (claims.value.id !== run) {
    return { ok: false, problem: "The run's token is refused: it is for another run." };
  }
  return { ok: true, value: { expiresAt: toMs(claims.value.exp) } };
}

function unchecked(token: string): TokenVerdict {
  try {
    const { exp } = decodeJwt(token);
    return { ok: true, value: { expiresAt: toMs(exp) } };
  } catch {
    return { ok: true, value: { expiresAt: undefined } };
  }
}

function toMs(seconds: unknown): number | undefined {
  const ms = typeof seconds === "number" ? seconds * 1_000 : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

/** Codes of jose, in words. The token itself is never told. */
const words: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: "it has expired",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "Lightning's key did not sign it",
  ERR_JOSE_ALG_NOT_ALLOWED: "it is signed with another algorithm",
  ERR_JWS_INVALID: "it is no signed token",
  ERR_JWT_INVALID: "it holds no claims",
};

function sayWhy(error: unknown): string {
  if (!isRecord(error)) return "it cannot be read";
  const { code, claim } = error;
  if (code === "ERR_JWT_CLAIM_VALIDATION_FAILED") return `its claim ${String(claim)} is wrong`;
  return (typeof code === "string" ? words[code] : undefined) ?? "it cannot be read";
}
