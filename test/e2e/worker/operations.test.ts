import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { type Program, run, start } from "../../../scripts/program.mjs";
import { lightning, startWorker, temporaryFolder, workerFor } from "./bundle.ts";

const job = (text: string) => `export default [${text}];`;
const quick = job("(state) => { console.log('hello'); return state; }");
const slow = job("(state) => new Promise((done) => setTimeout(() => done(state), 60000))");

async function portOf(worker: Program): Promise<string> {
  const [, port = ""] = await worker.said(/status on port (\d+)/);
  return port;
}

/** The answer of a worker, or the error code of the connection. */
async function ask(port: string, path: string, init: RequestInit = {}, host = "127.0.0.1") {
  try {
    const response = await fetch(`http://${host}:${port}${path}`, init);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    return { status: (error as { cause?: { code?: string } }).cause?.code, text: "" };
  }
}

describe("the port", () => {
  test("is open on all interfaces, and --host narrows it", async () => {
    const server = await lightning();
    const wide = await portOf(workerFor(server, ["--mock"]));
    expect((await ask(wide, "/livez", {}, "127.0.0.2")).status).toBe(200);
    expect((await ask(wide, "/livez", {}, "[::1]")).status).toBe(200);
    const narrow = await portOf(workerFor(server, ["--mock", "--host", "127.0.0.1"]));
    expect((await ask(narrow, "/livez")).status).toBe(200);
    expect((await ask(narrow, "/livez", {}, "127.0.0.2")).status).toBe("ECONNREFUSED");
  });

  test("lives without Lightning, is ready with it, and not while it drains", async () => {
    const away = startWorker(["--lightning", "ws://127.0.0.1:9/worker", "--port", "0"], {
      WORKER_SECRET: "s",
    });
    const alone = await portOf(away);
    for (const path of ["/", "/livez"]) expect((await ask(alone, path)).status).toBe(200);
    const unready = await ask(alone, "/readyz");
    expect(unready.status).toBe(503);
    expect(unready.text).toContain("the worker has not joined Lightning's queue");

    const server = await lightning();
    const worker = workerFor(server, ["--capacity", "1"]);
    const port = await portOf(worker);
    await worker.said(/joined the queue/);
    const [held = ""] = await server.runs(1, { body: slow });
    await worker.said(new RegExp(`${held}.*claimed`));
    expect((await ask(port, "/readyz")).status).toBe(200);
    worker.signal("SIGTERM");
    await worker.said(/draining: 1 runs/);
    expect((await ask(port, "/livez")).status).toBe(200);
    expect(await ask(port, "/readyz")).toEqual({
      status: 503,
      text: expect.stringContaining("the worker is draining"),
    });
  });

  test("shows no secret, token or run id to who has no token, and no secret to who has", async () => {
    const server = await lightning();
    const worker = workerFor(server, ["--ops-token", "ops-hunter2"], {
      WORKER_LIGHTNING_PUBLIC_KEY: server.publicKey,
    });
    const port = await portOf(worker);
    const [held = ""] = await server.runs(1, { body: slow });
    await worker.said(new RegExp(`${held}.*claimed`));
    const open = ["/", "/livez", "/readyz", "/metrics", "/nothing"];
    const texts = await Promise.all(open.map(async (path) => (await ask(port, path)).text));
    expect((await ask(port, "/status")).status).toBe(401);
    expect((await ask(port, "/claim", { method: "POST" })).status).toBe(401);
    const headers = { authorization: "Bearer ops-hunter2" };
    const status = await ask(port, "/status", { headers });
    expect(status.text).toContain(held);
    for (const text of texts) expect(text).not.toContain(held);
    for (const text of [...texts, status.text, worker.printed()]) {
      for (const hidden of ["ops-hunter2", "a secret", "eyJ", server.publicKey]) {
        expect(text).not.toContain(hidden);
      }
    }
  });

  test("POST /claim makes a worker claim that does not claim by itself", async () => {
    const server = await lightning();
    const worker = workerFor(server, ["--no-loop", "--mock", "--ops-token", "t"]);
    const port = await portOf(worker);
    await worker.said(/joined the queue/);
    const [id = ""] = await server.runs(1);
    const claim = { method: "POST", headers: { authorization: "Bearer t" } };
    expect(server.ledger.counts.claims).toBe(0);
    expect(await ask(port, "/claim", claim)).toEqual({ status: 200, text: "complete" });
    expect(await server.ended(id)).toMatchObject({ state: "success" });
    expect(server.ledger.counts.claims).toBe(1);
  });

  test("the health check of deploy/compose.yaml tells a worker that lives from one that does not", async () => {
    const file = resolve(import.meta.dirname, "../../../deploy/compose.yaml");
    const compose = parse(readFileSync(file, "utf8"));
    const [kind, command = "", ...args] = compose.services.worker.healthcheck.test as string[];
    expect(kind).toBe("CMD");
    const port = await portOf(workerFor(await lightning(), ["--mock"]));
    const check = (to: string) =>
      run(
        command,
        args.map((arg) => arg.replace(":2222/", `:${to}/`)),
      );
    expect(await check(port)).toEqual({ code: 0, printed: "" });
    expect(await check("9")).toEqual({ code: 1, printed: "" });
  });
});

describe("the log", () => {
  test("has run and lane on each line that is about a run", async () => {
    const server = await lightning();
    const worker = workerFor(server, ["--workloops", "fast_lane:1 *:1", "--log", "debug"]);
    // The server ends the run's channel in the middle of it: that is a line about the run too.
    await fetch(`${server.httpUrl}/faults`, {
      method: "POST",
      body: JSON.stringify({ kind: "event-crash", event: "step:start" }),
    });
    const [id = ""] = await server.runs(1, { body: quick, queue: "fast_lane" });
    await worker.said(/ended: success/);
    expect(worker.printed()).toContain(`the server ended the channel run:${id}`);
    worker.signal("SIGTERM");
    expect(await worker.ended).toBe(0);
    const lines = worker.printed().trim().split("\n");
    const about = lines.filter((line) => line.includes(id)).map((line) => JSON.parse(line));
    expect(about.length).toBeGreaterThanOrEqual(2);
    for (const line of about) expect(line).toMatchObject({ run: id, lane: "fast_lane" });
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ level: /^/, time: /^/, msg: /^/ });
  });

  test("is made for people on a terminal", async () => {
    const server = await lightning();
    const command = `${process.execPath} ${inject("command")} worker --mock --no-journal --port 0 --lightning ${server.url}`;
    // `script` gives its command a terminal.
    const seen = start("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      env: { WORKER_SECRET: "a secret that is not base64 ✓", TERM: "xterm" },
    });
    const [line = ""] = await seen.said(/^.*joined the queue of Lightning.*$/m);
    expect(line).not.toContain("{");
    expect(line).toMatch(/\[\d\d:\d\d:\d\d\.\d+\].*INFO/);
    seen.signal("SIGTERM");
    await seen.ended;
  });

  test("Sentry is not loaded without a DSN, though it lies beside the worker", async () => {
    const folder = temporaryFolder();
    const beside = join(folder, "node_modules/@sentry/node");
    mkdirSync(beside, { recursive: true });
    writeFileSync(join(beside, "package.json"), '{"type":"module","exports":"./index.js"}');
    writeFileSync(join(beside, "index.js"), 'console.log("SENTRY LOADED");');
    const copied = join(folder, "bin");
    await run("cp", ["-r", resolve(inject("command"), "../.."), copied]);
    const program = [join(copied, "bin/workloops.cjs"), "worker"];
    const server = await lightning();
    const worker = workerFor(server, ["--mock"], {}, program);
    await worker.said(/joined the queue/);
    worker.signal("SIGTERM");
    expect(await worker.ended).toBe(0);
    expect(worker.printed()).not.toContain("SENTRY LOADED");
    const asked = workerFor(
      server,
      ["--mock", "--sentry-dsn", "https://k@s.example/1"],
      {},
      program,
    );
    await asked.said(/SENTRY LOADED/);
  });
});

describe("in a memory group of 2 GB", () => {
  const group = memoryGroup(2 * 1024 ** 3);
  afterAll(() => group?.remove());

  const inGroup = (args: readonly string[]) =>
    start(
      "sh",
      [
        ...["-c", `echo $$ > ${group?.procs} && exec "$@"`, "sh", process.execPath],
        ...[inject("command"), "worker", "--mock", "--no-journal", "--port", "0", ...args],
      ],
      { env: { WORKER_SECRET: "s" } },
    );

  test.skipIf(group === undefined)(
    "five runs of 500 MB are too many: told, and refused where asked",
    async () => {
      const told = inGroup(["--workloops", "fast_lane:1 *:4"]);
      await told.said(/status on port/);
      expect(told.printed()).toContain(
        "memory: up to 2800 MB (5 runs of 500 MB, 300 MB besides) of 2048 MB",
      );
      expect(told.printed()).toContain("warning[memory-ceiling]");
      const refused = inGroup(["--workloops", "fast_lane:1 *:4", "--strict-memory"]);
      expect(await refused.ended).toBe(2);
      expect(refused.printed()).toContain(
        "--strict-memory: the worker does not start over its memory",
      );
      const fits = inGroup(["--workloops", "fast_lane:1 *:2", "--strict-memory"]);
      await fits.said(/status on port/);
      expect(fits.printed()).not.toContain("memory-ceiling");
      for (const one of [told, fits]) {
        one.signal("SIGTERM");
        expect(await one.ended).toBe(0);
      }
    },
  );
});

/** A group that the kernel holds to so many bytes, where this process may make one. */
function memoryGroup(
  bytes: number,
): { readonly procs: string; readonly remove: () => void } | undefined {
  for (const [mount, limit] of [
    ["/sys/fs/cgroup/memory", "memory.limit_in_bytes"],
    ["/sys/fs/cgroup", "memory.max"],
  ] as const) {
    const folder = join(mount, `workloops-test-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    try {
      writeFileSync(join(folder, limit), String(bytes), { flag: "r+" });
      return { procs: join(folder, "cgroup.procs"), remove: () => rmdirSync(folder) };
    } catch {
      rmdirSync(folder);
    }
  }
  return undefined;
}
