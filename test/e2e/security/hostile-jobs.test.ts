import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repoWith } from "../../engine/fake-adaptor.ts";
import { hostileTexts } from "../../hostile-values.ts";
import { lightning, temporaryFolder, workerFor } from "../worker/bundle.ts";

const name = "@openfn/language-hostile";
/** Runs any code outside of the sandbox, with all of Node in reach: what a job could do that got out. */
const repoDir = repoWith([
  {
    name,
    version: "1.0.0",
    files: {
      "index.d.ts": "export declare function attempt(code: string): unknown;",
      "index.js": `
import fs from "node:fs"; import os from "node:os"; import cp from "node:child_process"; import net from "node:net";
const tools = { fs, os, cp, net, process };
export const attempt = (code) => async (state) => {
  const run = new Function(...Object.keys(tools), "state", "return (async () => {" + code + "})()");
  return { ...state, got: await run(...Object.values(tools), state) };
};`,
    },
  },
]);
const isRoot = process.getuid?.() === 0;
const opsToken = "ops-hunter2";

/** A frame as a child writes it to the engine: two lengths, a head and a body. */
const forged = (head: string, body = ""): string =>
  `const head = Buffer.from(${JSON.stringify(head)}), body = Buffer.from(${JSON.stringify(body)});
   const size = Buffer.alloc(8); size.writeUInt32BE(head.length, 0); size.writeUInt32BE(body.length, 4);
   const all = Buffer.concat([size, head, body]);
   for (let done = 0; done < all.length;) {
     try { done += fs.writeSync(3, all, done); } catch (e) { if (e.code !== "EAGAIN") throw e; }
   }
   return new Promise(() => {});`;
const event = (fields: string, hasBody = false) =>
  `{"type":"event","hasBody":${hasBody},"event":{"time":1,${fields}}}`;
const deep = hostileTexts["lists in lists without end"] ?? "";

/** What a run does to its surroundings, and how it ends for that. */
const jobs: readonly (readonly [string, string, object])[] = [
  [
    "a job that floods memory",
    "const all = []; for (;;) all.push(Buffer.alloc(5e7, 1));",
    { reason: "kill", error_type: "OOMError" },
  ],
  [
    "a job that forks",
    `let refused = 0;
     for (let n = 0; n < 1000; n += 1) try { cp.spawn("sleep", ["60"]); } catch { refused += 1; }
     return refused;`,
    { reason: "success", final_state: { got: 1000 } },
  ],
  [
    "a job that opens every file that it can",
    `try { for (let n = 0; n < 20_000; n += 1) fs.openSync(os.tmpdir() + "/" + n, "w"); } catch {}
     return "held until the end";`,
    // Where that is fewer than 20,000, Node itself fails next for want of one.
    {},
  ],
  [
    "a job that reads the environment",
    `return Object.entries(process.env).filter(([key]) => !/^(TMPDIR|TZ|NODE_EXTRA_CA_CERTS|(https?|no)_proxy)$/i.test(key));`,
    { reason: "success", final_state: { got: [] } },
  ],
  [
    "a job that reads the environment of the worker",
    "return fs.readFileSync('/proc/' + process.ppid + '/environ', 'utf8');",
    { reason: "fail", error_type: "AdaptorError" },
  ],
  [
    "a job that floods the log",
    "for (;;) console.log('x'.repeat(10_000));",
    { reason: "kill", error_type: "TimeoutError" },
  ],
  [
    "a job that says what no run says",
    forged('{"type":"event","event":{"type":{"toString":1},"time":1}}'),
    { reason: "crash", error_type: "ExitError" },
  ],
  [
    "a job that forges a line nested without end",
    forged(event('"type":"log","level":"info","source":"JOB"', true), deep),
    { reason: "kill", error_type: "TimeoutError" },
  ],
  [
    "a job that forges an end nested without end",
    forged(
      event(
        '"type":"step-complete","stepId":"j","visit":0,"durationMs":1,"memory":{"job":1,"system":1},"threadId":"1","next":[]',
        true,
      ),
      deep,
    ),
    {},
  ],
  [
    "a job that returns a state nested without end",
    `let s = {}; for (let n = 0; n < 50_000; n += 1) s = { s }; return s;`,
    {},
  ],
  ...(isRoot
    ? ([
        [
          "a job that signals its parent",
          "process.kill(process.ppid, 'SIGKILL');",
          { reason: "fail", error_type: "AdaptorError" },
        ],
        [
          "a job that signals all that it may",
          "process.kill(-1, 'SIGKILL'); return new Promise(() => {});",
          { reason: "kill", error_type: "TimeoutError" },
        ],
      ] as const)
    : []),
];

async function underAttack() {
  const server = await lightning();
  const worker = workerFor(
    server,
    [
      ...["--workloops", "fast_lane:2 *:2", "--repo-dir", repoDir, "--run-memory", "150"],
      ...["--ops-token", opsToken, "--log", "debug", "--max-run-duration-seconds", "20"],
    ],
    { WORKER_LIGHTNING_PUBLIC_KEY: server.publicKey },
  );
  const [, port = ""] = await worker.said(/status on port (\d+)/);
  await worker.said(/joined the queue/);
  const hostile = async (code: string, options: object = {}) => {
    const expression = `attempt(${JSON.stringify(code)});`;
    const step = { id: "j", adaptor: `${name}@1.0.0`, body: expression };
    const [id = ""] = await server.runs(1, {
      body: undefined,
      plan: { jobs: [step], options: { run_timeout_ms: 5_000, ...options } },
      queue: "default",
    });
    return id;
  };
  return {
    ...{ server, worker, port, hostile },
    /** Runs of the other lane end well, and the worker is what it was. */
    async holds(): Promise<void> {
      const good = await server.runs(2, {
        queue: "fast_lane",
        body: "export default [(state) => ({ data: state.data })];",
        input: { data: 1 },
      });
      const ended = await Promise.all(good.map((id) => server.ended(id)));
      expect(ended.map(({ final_state }) => final_state)).toEqual([{ data: 1 }, { data: 1 }]);
    },
    async ends(): Promise<void> {
      expect(server.ledger.violations.first).toEqual([]);
      // In kB: what a run says or takes does not pile up here.
      const [, peak = ""] =
        /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${worker.pid}/status`, "utf8")) ?? [];
      expect(Number(peak)).toBeLessThan(600_000);
      expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
      worker.signal("SIGTERM");
      expect(await worker.ended).toBe(0);
      expect(worker.printed()).not.toMatch(/eyJ[\w-]{8}|not base64|hunter2/);
    },
  };
}

test.each(jobs)("%s ends for that alone, and the worker goes on", async (_what, code, end) => {
  const { server, hostile, holds, ends } = await underAttack();
  const id = await hostile(code);
  await holds();
  const run = await server.ended(id);
  expect(run).toMatchObject(end);
  await holds();
  await ends();
});

test("all hostile jobs at once, two at a time, leave the other lane its runs", async () => {
  const { server, hostile, holds, ends } = await underAttack();
  const ids = await Promise.all(jobs.map(([, code]) => hostile(code)));
  await holds();
  for (const id of ids) await server.ended(id);
  await holds();
  await ends();
});

test("a job that calls the worker's own port gets what everybody gets, and cannot close it for good", async () => {
  const { server, port, hostile, holds, ends } = await underAttack();
  const call = (method: string, path: string, token = "") =>
    `(await fetch("http://127.0.0.1:${port}${path}", { method: "${method}", headers: { authorization: "${token}" } })).status`;
  const polite = await hostile(
    `return [${[
      call("GET", "/livez"),
      call("GET", "/metrics"),
      call("GET", "/status"),
      call("GET", "/status", "Bearer guess"),
      call("POST", "/claim"),
      call("POST", "/claim", "Bearer "),
      call("DELETE", "/"),
    ].join(", ")}];`,
  );
  const { final_state } = await server.ended(polite);
  expect(final_state).toMatchObject({ got: [200, 200, 401, 401, 401, 401, 404] });
  const flood = await hostile(
    `for (let n = 0; n < 500; n += 1) net.connect(${port}, "127.0.0.1").on("error", () => {});
     return new Promise(() => {});`,
  );
  await holds();
  expect(await server.ended(flood)).toMatchObject({ error_type: "TimeoutError" });
  await ends();
});

/** Names that somebody would read as a command, an option or a path. */
const names = (marker: string): readonly string[] => [
  `$(touch ${marker})`,
  `@openfn/language-common@$(touch ${marker})`,
  `@openfn/language-common@1.0.0; touch ${marker}`,
  `@openfn/language-common@1.0.0\ntouch ${marker}`,
  `@openfn/language-common\`touch ${marker}\``,
  "--registry=http://127.0.0.1:9/",
  "@openfn/../../../../../etc@1.0.0",
  "@openfn/language-common@../../../x",
  "@openfn/%2e%2e%2f@1.0.0",
  "../../../../../tmp@1.0.0",
  "/etc/passwd",
  "file:///etc",
  "https://example.org/x.tgz",
  "@openfn/__proto__",
  "@OPENFN/Language@1.0.0",
  `@openfn/${"a".repeat(300)}@1.0.0`,
];

test("an adaptor's name with characters of a shell or a path reaches neither", async () => {
  const { server, holds, ends } = await underAttack();
  const folder = temporaryFolder();
  const before = readdirSync(join(repoDir, "node_modules", "@openfn"));
  for (const adaptor of names(join(folder, "touched"))) {
    const [id = ""] = await server.runs(1, { adaptor, body: "export default [(s) => s];" });
    const { reason, error_type, logs } = await server.ended(id);
    // The name is no adaptor: nothing is installed, and the job, which needs none, may run.
    expect([adaptor, reason, error_type]).toEqual([adaptor, "success", null]);
    expect(logs.some(({ message }) => message.includes("is no adaptor"))).toBe(true);
  }
  expect(readdirSync(folder)).toEqual([]);
  expect(readdirSync(join(repoDir, "node_modules", "@openfn"))).toEqual(before);
  expect(existsSync("/etc_1.0.0")).toBe(false);
  await holds();
  await ends();
});

test("a plan with something wrong in any of its limits costs its run alone", async () => {
  const { server, hostile, holds, ends } = await underAttack();
  const limits = [
    "run_timeout_ms",
    "run_memory_limit_mb",
    "payload_limit_mb",
    "log_payload_limit_mb",
  ];
  const values = [0, 0.001, 1e308, -1, "1", null, [], { toString: 1 }];
  const ids = await Promise.all(
    limits.flatMap((limit) => values.map((value) => hostile("return 1;", { [limit]: value }))),
  );
  for (const id of ids) expect((await server.ended(id)).reason).not.toBeNull();
  await holds();
  await ends();
});
