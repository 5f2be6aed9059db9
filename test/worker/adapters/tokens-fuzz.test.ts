import { createSign, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runTokens } from "../../../packages/worker/src/adapters/tokens.ts";
import { expectUnpolluted, mutationsOf } from "../../hostile-values.ts";
import { either, fields, number, oneOf, optional, text } from "../../shape.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const judges = {
  "with a key": await runTokens(pem),
  "without a key": await runTokens(undefined),
};

const isVerdict = either(
  fields({ ok: oneOf(true), value: fields({ expiresAt: optional(number) }) }),
  fields({ ok: oneOf(false), problem: text }),
);

const encode = (json: string): string => Buffer.from(json).toString("base64url");

/** Signed as Lightning would, whatever stands in it. */
function sign(header: string, claims: string): string {
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${createSign("RSA-SHA256").update(content).sign(privateKey, "base64url")}`;
}

const header = { alg: "RS256", typ: "JWT" };
const now = Math.floor(Date.now() / 1_000);
const claims = { iss: "Lightning", id: "run", sub: "run:run", nbf: now - 9, exp: now + 90_000 };

describe.each(Object.entries(judges))("%s, a token of a run", (name, tokens) => {
  async function judge(token: string): Promise<boolean> {
    const verdict = await tokens.check(token, "run");
    expect(isVerdict(verdict)).toBe(true);
    if (!verdict.ok) {
      expect(verdict.problem.length).toBeLessThan(200);
      if (token.length > 20) expect(verdict.problem).not.toContain(token.slice(0, 20));
    }
    return verdict.ok;
  }

  test("that Lightning signed, with something wrong in any claim, is judged", async () => {
    const good: string[] = [];
    for (const { where, text: wrong } of mutationsOf(claims)) {
      if (await judge(sign(JSON.stringify(header), wrong))) good.push(where);
    }
    expectUnpolluted();
    // Of the claims that say whose it is, none can be missing or be anything else.
    if (name === "with a key") {
      expect(good.filter((where) => /^(all of it|iss|id) /.test(where))).toEqual([]);
    }
  });

  test("with something wrong in its header is judged", async () => {
    const good: string[] = [];
    for (const { where, text: wrong } of mutationsOf(header)) {
      if (await judge(sign(wrong, JSON.stringify(claims)))) good.push(where);
    }
    expectUnpolluted();
    if (name === "with a key") {
      expect(good.filter((where) => /^(all of it|alg) /.test(where))).toEqual([]);
    }
  });

  test("that is no token is judged", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.array(fc.base64String(), { maxLength: 4 })),
        async (parts) => {
          const accepted = await judge(typeof parts === "string" ? parts : parts.join("."));
          expect(accepted).toBe(name === "without a key");
        },
      ),
      { numRuns: 200 },
    );
  });
});
