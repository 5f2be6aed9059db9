import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { promisify } from "node:util";
import {
  isRecord,
  own,
  RUN_TOKEN_ALGORITHM,
  WORKER_TOKEN_ALGORITHM,
  WORKER_TOKEN_ISSUER,
} from "@workloops/worker/protocol";

/** The key pair of the run tokens. */
export interface RunKeys {
  /** Base64 of the PEM, as the worker's `--lightning-public-key` takes it. */
  readonly publicKey: string;
  readonly mint: (claims: object) => string;
  /** The claims of a token that this key signed, else undefined. Times are not looked at. */
  readonly open: (token: unknown) => unknown;
}

/**
 * @param privateKey PEM, or base64 of it as WORKER_RUNS_PRIVATE_KEY holds it; absent: a new key.
 * @throws Error where it is no RSA key.
 */
export async function createRunKeys(privateKey?: string): Promise<RunKeys> {
  const key = privateKey === undefined ? await newKey() : readKey(privateKey);
  const publicKey = createPublicKey(key);
  const pem = publicKey.export({ type: "spki", format: "pem" });
  return {
    publicKey: Buffer.from(pem).toString("base64"),
    mint: (claims) => mintWith(key, claims),
    open: (token) => {
      const parts = readToken(token, RUN_TOKEN_ALGORITHM);
      if (parts === undefined) return undefined;
      const isOurs = verify("sha256", Buffer.from(parts.signed), publicKey, parts.signature);
      return isOurs ? parts.claims : undefined;
    },
  };
}

async function newKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)("rsa", { modulusLength: 2048 })).privateKey;
}

function readKey(text: string): KeyObject {
  const pem = text.includes("-----BEGIN") ? text : Buffer.from(text, "base64").toString("utf8");
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error("the private key is neither a PEM nor the base64 of one");
  }
  if (key.asymmetricKeyType !== "rsa")
    throw new Error(`the private key is ${key.asymmetricKeyType}, and run tokens need RSA`);
  return key;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

function mintWith(key: KeyObject, claims: object): string {
  const signed = `${encode({ alg: RUN_TOKEN_ALGORITHM, typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key).toString("base64url")}`;
}

interface TokenParts {
  readonly signed: string;
  readonly signature: Buffer;
  readonly claims: unknown;
}

/** Real tokens are under 1 KB. */
const maxTokenCharacters = 16_384;

/** A compact JWT of exactly this algorithm, its signature not yet looked at. */
function readToken(token: unknown, algorithm: string): TokenParts | undefined {
  if (typeof token !== "string" || token.length > maxTokenCharacters) return undefined;
  const [header, body, signature, ...rest] = token.split(".");
  if (header === undefined || body === undefined || signature === undefined || rest.length > 0)
    return undefined;
  const read = readJson(header);
  if (!isRecord(read) || own(read, "alg") !== algorithm) return undefined;
  return {
    signed: `${header}.${body}`,
    signature: Buffer.from(signature, "base64url"),
    claims: readJson(body),
  };
}

function readJson(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

/**
 * The id of the worker that this token names, or undefined where Lightning refuses it: issuer,
 * time of issue and worker id must be there, `nbf` counts only if sent, other claims are fine.
 * The key is the secret's own bytes, never base64. Source: protocol page, section 1.4.
 *
 * @param now seconds since the epoch
 */
export function openWorkerToken(token: unknown, secret: string, now: number): string | undefined {
  const parts = readToken(token, WORKER_TOKEN_ALGORITHM);
  if (parts === undefined || !isRecord(parts.claims)) return undefined;
  const expected = createHmac("sha256", Buffer.from(secret, "utf8")).update(parts.signed).digest();
  if (expected.length !== parts.signature.length) return undefined;
  if (!timingSafeEqual(expected, parts.signature)) return undefined;
  const workerId = own(parts.claims, "worker_id");
  const notBefore = own(parts.claims, "nbf");
  const isGood =
    own(parts.claims, "iss") === WORKER_TOKEN_ISSUER &&
    own(parts.claims, "iat") !== undefined &&
    own(parts.claims, "iat") !== null &&
    (notBefore === undefined || (typeof notBefore === "number" && notBefore <= now));
  return isGood && typeof workerId === "string" && workerId !== "" ? workerId : undefined;
}
