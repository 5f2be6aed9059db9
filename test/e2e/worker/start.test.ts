import { describe, expect, test } from "vitest";
import { lightning, startWorker, workerFor } from "./bundle.ts";

describe("the log of the start shows the lanes", () => {
  test("`fast_lane:2 *:3` shows two workloops", async () => {
    const worker = workerFor(await lightning(), ["--workloops", "fast_lane:2 *:3"]);
    await worker.said(/joined the queue/);
    expect(worker.printed()).toContain("workloop fast_lane: strict, 2 slots");
    expect(worker.printed()).toContain("workloop *: preferring, 3 slots");
    expect(worker.printed().match(/workloop /g)).toHaveLength(2);
  });

  test("without the option one `manual>*` of five", async () => {
    const worker = workerFor(await lightning(), []);
    await worker.said(/joined the queue/);
    expect(worker.printed()).toContain("workloop manual>*: preferring, 5 slots");
    expect(worker.printed().match(/workloop /g)).toHaveLength(1);
  });

  test("a leading -- before the flags is ignored", async () => {
    const server = await lightning();
    const worker = startWorker(
      ["--", "--lightning", server.url, "--port", "0", "--workloops", "a:1", "--mock"],
      {
        WORKER_SECRET: "a secret that is not base64 ✓",
      },
    );
    await worker.said(/joined the queue/);
    expect(worker.printed()).toContain("workloop a: strict, 1 slot");
  });

  test("and how much memory they may need", async () => {
    const worker = workerFor(await lightning(), ["--workloops", "*:2", "--run-memory", "100"]);
    await worker.said(/memory: up to 500 MB \(2 runs of 100 MB, 300 MB besides\) of \d+ MB/);
  });
});

describe("before anything is started, exit 2, where", () => {
  test("`--capacity` stands beside `--workloops`", async () => {
    const worker = startWorker(["--workloops", "fast_lane:1", "--capacity", "5"], {
      WORKER_SECRET: "s",
    });
    expect(await worker.ended).toBe(2);
    expect(worker.printed()).toMatch(/^error\[capacity-exclusivity\]/);
    expect(worker.printed()).toContain("1 | --capacity 5\n  | ^^^^^^^^^^^^");
  });

  test("the configuration is wrong", async () => {
    const worker = startWorker([], {
      WORKER_SECRET: "s",
      WORKER_WORKLOOPS: "fast_lane:1 manual>*4",
    });
    expect(await worker.ended).toBe(2);
    expect(worker.printed()).toMatch(/^error\[capacity-missing\]/);
    expect(worker.printed()).toContain("--> WORKER_WORKLOOPS:1:13");
  });

  test("a flag is unknown", async () => {
    const worker = startWorker(["--workloop", "a:1"]);
    expect(await worker.ended).toBe(2);
    expect(worker.printed()).toBe("--workloop: no such flag; did you mean --workloops?\n");
  });

  test.each([
    ["nowhere", "nowhere is no address: write ws://HOST:PORT/worker or wss://HOST/worker"],
    ["https://lightning/worker", "https:// is no worker socket: write ws:// or wss://"],
  ])("the address is none: %s", async (address, problem) => {
    const worker = startWorker(["-l", address], { WORKER_SECRET: "s" });
    expect(await worker.ended).toBe(2);
    expect(worker.printed()).toBe(`-l: ${problem}\n`);
  });

  test("full lanes need more memory than there is, with --strict-memory", async () => {
    const worker = startWorker(
      ["--capacity", "10000", "--run-memory", "100000", "--strict-memory"],
      { WORKER_SECRET: "s" },
    );
    expect(await worker.ended).toBe(2);
    expect(worker.printed()).toContain("[memory-ceiling]");
  });
});

describe("it ends with 1 and says why, where", () => {
  test("its port is taken", async () => {
    const first = workerFor(await lightning(), ["--mock"]);
    const [, port = ""] = await first.said(/status on port (\d+)/);
    const second = startWorker(["--mock", "--port", port, "--no-journal"], { WORKER_SECRET: "s" });
    expect(await second.ended).toBe(1);
    expect(second.printed()).toContain("EADDRINUSE");
  });

  test("the engine does not start", async () => {
    const worker = startWorker(
      ["--repo-dir", import.meta.filename, "--engine-validation-retries", "0", "--port", "0"],
      { WORKER_SECRET: "s" },
    );
    expect(await worker.ended).toBe(1);
    expect(worker.printed()).toContain("the worker cannot start");
  });

  test("the public key is none", async () => {
    const worker = startWorker(["--mock", "--lightning-public-key", "bm8="], {
      WORKER_SECRET: "s",
    });
    expect(await worker.ended).toBe(1);
    expect(worker.printed()).toContain("the public key is not the base64 of a PEM");
  });

  test("Sentry is asked for and not installed", async () => {
    const worker = startWorker(["--mock", "--sentry-dsn", "https://k@s.example/1"], {
      WORKER_SECRET: "s",
    });
    expect(await worker.ended).toBe(1);
    expect(worker.printed()).toContain("needs the package @sentry/node");
  });
});

test("without an address of collections it warns that jobs cannot use them, as OpenFn's worker does", async () => {
  const server = await lightning();
  const without = workerFor(server, ["--mock"]);
  await without.said(/"level":"warn".*no --collections-url: jobs cannot use collections/);
  const given = workerFor(server, ["--mock", "-c", "https://collections.example"]);
  await given.said(/joined the queue/);
  expect(given.printed()).not.toContain("collections");
});

test("without a secret it ends with 1 and says what to set", async () => {
  const worker = startWorker(["--mock"]);
  expect(await worker.ended).toBe(1);
  expect(worker.printed()).toContain("set WORKER_SECRET");
});

test("no secret and no token is in what it prints", async () => {
  const server = await lightning();
  const worker = workerFor(server, ["--log", "debug", "--ops-token", "ops-hunter2"], {
    WORKER_LIGHTNING_PUBLIC_KEY: server.publicKey,
  });
  await worker.said(/joined the queue/);
  const [run = ""] = await server.runs(1);
  await server.ended(run);
  worker.signal("SIGTERM");
  expect(await worker.ended).toBe(0);
  for (const hidden of ["a secret", "ops-hunter2", "eyJ", server.publicKey]) {
    expect(worker.printed()).not.toContain(hidden);
  }
});

test("a wrong secret is told in words, and tried again", async () => {
  const worker = workerFor(await lightning(), [], { WORKER_SECRET: "another" });
  await worker.said(/refuses this worker \(HTTP 401\): is the secret the same on both sides\?/);
  worker.signal("SIGTERM");
  expect(await worker.ended).toBe(0);
});
