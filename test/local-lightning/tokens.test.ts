import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { decodeJwt, importSPKI, jwtVerify, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createRunKeys, openWorkerToken } from "../../packages/local-lightning/src/tokens.ts";
import { workerToken } from "./client.ts";
import { privateKey } from "./desk.ts";

const now = 1_790_000_000;
const claims = { iss: "Lightning", id: "r", sub: "run:r", nbf: 1, exp: 4_000_000_000 };

describe("a run token", () => {
  test("is read by jose with the public key as the worker gets it", async () => {
    const keys = await createRunKeys(privateKey);
    const pem = Buffer.from(keys.publicKey, "base64").toString("utf8");
    const token = keys.mint(claims);
    const { payload, protectedHeader } = await jwtVerify(token, await importSPKI(pem, "RS256"));
    expect(payload).toEqual(claims);
    expect(protectedHeader.alg).toBe("RS256");
    expect(keys.open(token)).toEqual(claims);
  });

  test("of another key, algorithm or shape is not opened", async () => {
    const keys = await createRunKeys(privateKey);
    const token = keys.mint(claims);
    const [header, , signature] = token.split(".");
    const other = await createRunKeys();
    const body = Buffer.from(JSON.stringify({ ...claims, id: "s" })).toString("base64url");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    // The public key is known to everybody, so it must not do as an HMAC secret.
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .sign(Buffer.from(Buffer.from(keys.publicKey, "base64")));
    const wrong: unknown[] = [
      ...[other.mint(claims), `${header}.${body}.${signature}`, `${none}.${body}.`, confused],
      ...["", "a.b", "a.b.c", `${token}.x`, 1, null, undefined, {}, "x".repeat(20_000)],
    ];
    expect(wrong.map(keys.open)).toEqual(wrong.map(() => undefined));
  });

  test("takes the key as PEM or as base64 of it, and no other kind", async () => {
    const fromPem = await createRunKeys(privateKey);
    const fromBase64 = await createRunKeys(Buffer.from(privateKey).toString("base64"));
    expect(fromBase64.publicKey).toBe(fromPem.publicKey);
    await expect(createRunKeys("hello")).rejects.toThrow("neither a PEM nor the base64 of one");
    const ed = generateKeyPairSync("ed25519").privateKey;
    const pem = ed.export({ type: "pkcs8", format: "pem" }).toString();
    await expect(createRunKeys(pem)).rejects.toThrow("the private key is ed25519");
    expect(createPublicKey(Buffer.from(fromPem.publicKey, "base64")).asymmetricKeyType).toBe("rsa");
  });
});

describe("a worker token", () => {
  const secret = "c2VjcmV0";

  test("that jose made is opened, its key being the secret's own bytes", async () => {
    const token = await new SignJWT({ worker_id: "three-word-name", extra: true })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuedAt()
      .setIssuer("urn:openfn:worker")
      .sign(Buffer.from(secret, "utf8"));
    expect(openWorkerToken(token, secret, now)).toBe("three-word-name");
    expect(openWorkerToken(token, "secret", now)).toBeUndefined();
    expect(decodeJwt(workerToken(secret)).iss).toBe("urn:openfn:worker");
  });

  test.each([
    ["no issuer", { iss: undefined }],
    ["another issuer", { iss: "urn:openfn:workers" }],
    ["no time of issue", { iat: undefined }],
    ["no worker id", { worker_id: undefined }],
    ["an empty worker id", { worker_id: "" }],
    ["a worker id that is no text", { worker_id: 7 }],
    ["nbf in the future", { nbf: now + 10 }],
    ["nbf that is no number", { nbf: "0" }],
  ])("with %s is refused", (_, changed) => {
    expect(openWorkerToken(workerToken(secret, changed), secret, now)).toBeUndefined();
    expect(openWorkerToken(workerToken(secret, { nbf: now - 10 }), secret, now)).toBeDefined();
  });

  test.each(["", "a.b.c", undefined, null, 5])("%j is refused", (token) => {
    expect(openWorkerToken(token, secret, now)).toBeUndefined();
  });
});
