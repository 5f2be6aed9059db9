import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { createServer, type Server } from "node:tls";
import { afterEach, expect, inject, test } from "vitest";
import { run } from "../../../scripts/program.mjs";
import { lightning, temporaryFolder, workerFor } from "./bundle.ts";

const tls = resolve(import.meta.dirname, "../../fixtures/tls");
const certificate = join(tls, "certificate.pem");
const secret = "a secret that is not base64 ✓";

let proxy: Server | undefined;
afterEach(() => proxy?.close());

/** A local Lightning behind TLS, as a proxy puts one on the internet; says its address. */
async function overTls() {
  const server = await lightning();
  proxy = createServer(
    { key: readFileSync(join(tls, "key.pem")), cert: readFileSync(certificate) },
    (client) => {
      const inner = connect(server.port, "127.0.0.1");
      client.pipe(inner).pipe(client);
      client.on("error", () => inner.destroy());
      inner.on("error", () => client.destroy());
    },
  );
  await new Promise<void>((done) => proxy?.listen(0, "127.0.0.1", done));
  const { port } = proxy.address() as AddressInfo;
  return { ...server, url: `wss://localhost:${port}/worker` };
}

async function doctor(url: string, env: Record<string, string> = {}) {
  const folder = temporaryFolder();
  const where = ["--lightning", url, "--repo-dir", folder, "--no-journal"];
  const { code, printed } = await run(process.execPath, [inject("command"), "doctor", ...where], {
    env: { WORKER_SECRET: secret, ...env },
  });
  return { code, lines: printed.trim().split("\n") };
}

test("doctor and worker reach a Lightning over TLS whose authority they are told of", async () => {
  const server = await overTls();
  const env = { NODE_EXTRA_CA_CERTS: certificate };
  const { code, lines } = await doctor(server.url, env);
  expect(lines).toEqual(
    expect.arrayContaining([
      "ok      address: over TLS",
      "ok      clock: within 5 s of Lightning's",
      "ok      socket: open, and the token is taken",
      "ok      join: the queue can be joined",
    ]),
  );
  expect(code).toBe(0);
  const worker = workerFor(server, ["--mock"], env);
  await worker.said(/joined the queue/);
  const [id = ""] = await server.runs(1);
  expect(await server.ended(id)).toMatchObject({ state: "success" });
});

test("without it both say that the certificate is not trusted, and what to do", async () => {
  const server = await overTls();
  const { code, lines } = await doctor(server.url);
  const problem =
    "the certificate of the server is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT): NODE_EXTRA_CA_CERTS names a file with its authority";
  expect(lines).toContain(`BAD     socket: ${problem}`);
  expect(code).toBe(1);
  const worker = workerFor(server, ["--mock"]);
  await worker.said(/no socket to Lightning: the certificate of the server is not trusted/);
});
