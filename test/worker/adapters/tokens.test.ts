import { exportSPKI, generateKeyPair, jwtVerify, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { mintWorkerToken, runTokens } from "../../../packages/worker/src/adapters/tokens.ts";

const { publicKey, privateKey } = await generateKeyPair("RS256");
const encodedKey = Buffer.from(await exportSPKI(publicKey)).toString("base64");
const now = Math.floor(Date.now() / 1_000);

// The second that a claim is measured against stands still, however slow the machine is.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: now * 1_000 });
});
afterAll(() => {
  vi.useRealTimers();
});

const sign = (claims: object, key = privateKey) =>
  new SignJWT({ iss: "Lightning", id: "run", sub: "run:run", nbf: now, exp: now + 60, ...claims })
    .setProtectedHeader({ alg: "RS256" })
    .sign(key);

test("the worker's token has the claims that Lightning asks for, signed with the secret's own bytes", async () => {
  const token = await mintWorkerToken("not base64 ✓", "three-words-here");
  const { payload, protectedHeader } = await jwtVerify(
    token,
    new TextEncoder().encode("not base64 ✓"),
  );
  expect(protectedHeader.alg).toBe("HS256");
  expect(payload).toMatchObject({ worker_id: "three-words-here", iss: "urn:openfn:worker" });
  expect(Object.keys(payload).sort()).toEqual(["iat", "iss", "worker_id"]);
});

describe("a run's token", () => {
  test("that is good tells when it ends", async () => {
    const tokens = await runTokens(encodedKey);
    expect(await tokens.check(await sign({}), "run")).toEqual({
      ok: true,
      value: { expiresAt: (now + 60) * 1_000 },
    });
  });

  test.each([
    ["five seconds of skew are let pass", { nbf: now + 4, exp: now + 60 }, true],
    ["and after its end too", { exp: now - 4 }, true],
    ["ended", { exp: now - 60 }, "it has expired"],
    ["of another issuer", { iss: "Thunder" }, "its claim iss is wrong"],
    ["for another run", { id: "other" }, "it is for another run"],
    ["without an id", { id: undefined }, "token.id: missing, not a string"],
    ["not valid yet", { nbf: now + 60 }, "its claim nbf is wrong"],
  ])("%s", async (_name, claims, expected) => {
    const tokens = await runTokens(encodedKey);
    const verdict = await tokens.check(await sign(claims), "run");
    if (expected === true) expect(verdict.ok).toBe(true);
    else
      expect(verdict).toEqual({ ok: false, problem: `The run's token is refused: ${expected}.` });
  });

  test.each([
    ["signed by someone else", async () => sign({}, (await generateKeyPair("RS256")).privateKey)],
    [
      "signed with a shared secret",
      async () =>
        new SignJWT({ iss: "Lightning", id: "run" })
          .setProtectedHeader({ alg: "HS256" })
          .sign(new TextEncoder().encode(encodedKey)),
    ],
    ["no token at all", async () => "a.b.c"],
    ["empty", async () => ""],
  ])("%s is refused, and the token is not repeated", async (_name, make) => {
    const tokens = await runTokens(encodedKey);
    const token = await make();
    const verdict = await tokens.check(token, "run");
    expect(verdict.ok).toBe(false);
    if (token !== "") expect(JSON.stringify(verdict)).not.toContain(token);
  });

  test("is opaque where no key is given", async () => {
    const tokens = await runTokens(undefined);
    expect(await tokens.check("anything", "run")).toEqual({
      ok: true,
      value: { expiresAt: undefined },
    });
    expect(await tokens.check(await sign({ id: "other" }), "run")).toMatchObject({ ok: true });
  });
});

test("a key that is none is refused at the start", async () => {
  await expect(runTokens("bm90IGEga2V5")).rejects.toThrow("not the base64 of a PEM");
});
