import { afterEach, expect, test } from "vitest";
import { devUntil } from "../../packages/cli/src/commands/dev.ts";
import type { Io } from "../../packages/cli/src/io.ts";
import { connect, workerToken } from "../local-lightning/client.ts";
import { takeRun } from "../local-lightning/work.ts";

const clean: (() => unknown)[] = [];
afterEach(() => {
  for (const act of clean.splice(0)) act();
});

function memoryIo(env: Io["env"] = {}) {
  const said = { out: "", err: "" };
  let heard: () => void = () => {};
  const spoken = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const io: Io = {
    out: (text) => {
      said.out += text;
      heard();
    },
    err: (text) => {
      said.err += text;
    },
    readStdin: async () => "",
    ...{ cwd: "/", env, columns: undefined, color: false },
  };
  return { io, said, spoken };
}

test("dev prints what a worker needs, answers, and ends when told", async () => {
  const { io, said, spoken } = memoryIo();
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const ended = devUntil(["--port", "0", "--secret", "hush hush"], io, stopped);
  await spoken;
  const url = /ws:\/\/127\.0\.0\.1:\d+\/worker/.exec(said.out)?.[0] ?? "";
  const client = await connect(url, workerToken("hush hush"));
  clean.push(client.close);
  const queues = { fast_lane: 1, "manual>*\u001b[2J": 4 };
  expect((await client.join("worker:queue", { capacity: 5, queues })).status).toBe("ok");
  // What workers call things is shown, and cannot clear the screen.
  expect(said.out).toContain("worker brisk-blue-fox joined: fast_lane:1 manual>*\ufffd[2J:4\n");
  const httpUrl = /http:\/\/127\.0\.0\.1:\d+/.exec(said.out)?.[0];
  await fetch(`${httpUrl}/runs`, { method: "POST", body: '{"body":"x","queue":"manual"}' });
  await takeRun(client);
  expect(said.out).toMatch(
    /run \S+ manual available, 1 waiting\nrun \S+ manual claimed by desk, 0 waiting\n/,
  );
  expect(said.out).toContain("workloops run job.js --queue fast_lane --url http://127.0.0.1:");
  // A secret that was given is known to whoever gave it, and stays out of the terminal.
  expect(said.out).not.toContain("hush");
  stop();
  expect(await ended).toBe(0);
  await expect(connect(url, workerToken("hush hush"))).rejects.toThrow("ECONNREFUSED");
});

test.each([
  [["--port", "70000"], "--port: 70000, not a whole number from 0 to 65535"],
  [["--secret", ""], "--secret: empty; leave it out to get a new one"],
  [["--prot", "1"], "Unknown option '--prot'"],
])("dev refuses %j", async (args, problem) => {
  const { io, said } = memoryIo();
  expect(await devUntil(args, io, Promise.resolve())).toBe(2);
  expect(said.err).toContain(problem);
});

test("dev says which address is taken", async () => {
  const first = memoryIo();
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const ended = devUntil(["--port", "0"], first.io, stopped);
  await first.spoken;
  const port = /127\.0\.0\.1:(\d+)/.exec(first.said.out)?.[1] ?? "";
  const second = memoryIo();
  expect(await devUntil(["--port", port], second.io, Promise.resolve())).toBe(1);
  expect(second.said.err).toContain(`127.0.0.1:${port} is taken`);
  stop();
  await ended;
});
