import { describe, expect, it } from "vitest";
import { childEnvironment, childFlags } from "../../../packages/engine/src/pool/child-flags.ts";
import { findChild } from "../../../packages/engine/src/pool/find-child.ts";
import { runUids } from "../../../packages/engine/src/pool/run-uids.ts";
import { spareLimit } from "../../../packages/engine/src/pool/spare-limit.ts";

const gib = 1024 ** 3;

describe("spare limit", () => {
  it.each([
    ["as many as runs where there is room", 5, 8 * gib, 5],
    ["as many as a quarter of the free memory holds", 50, 1 * gib, 3],
    ["none where there is none", 5, 0.2 * gib, 0],
  ])("%s", (_name, capacity, available, expected) => {
    expect(spareLimit(capacity, available)).toBe(expected);
  });
});

describe("run uids", () => {
  it("gives each child its own, and none where it may not", () => {
    const uids = runUids(true);
    const taken = Array.from({ length: 100 }, () => uids.take());
    expect(new Set(taken).size).toBe(100);
    expect(taken.every((uid) => uid !== undefined && uid >= 40_000 && uid < 50_000)).toBe(true);
    expect(runUids(false).take()).toBeUndefined();
  });

  it("gives a freed one again only after the others", () => {
    const uids = runUids(true);
    const first = uids.take();
    uids.free(first);
    const later = Array.from({ length: 9_999 }, () => uids.take());
    expect(later).not.toContain(first);
    expect(uids.take()).toBe(first);
    expect(() => uids.take()).toThrow(/All 10000 user ids/);
  });
});

describe("child flags", () => {
  it("allow what a run needs and neither workers nor processes", () => {
    const flags = childFlags({
      childPath: "/app/child.cjs",
      readable: ["/repo"],
      folder: "/tmp/1",
      memoryLimitMb: 200.7,
    });
    expect(flags.filter((flag) => flag.startsWith("--allow"))).toEqual([
      "--allow-fs-read=/app/child.cjs",
      "--allow-fs-read=/repo/*",
      "--allow-fs-read=/tmp/1/*",
      "--allow-fs-write=/tmp/1/*",
    ]);
    expect(flags).toContain("--max-old-space-size=200");
    expect(flags.some((flag) => /^--(experimental-)?permission$/.test(flag))).toBe(true);
    expect(flags.at(-1)).toBe("/app/child.cjs");
  });

  it("pass on how to reach the network, the zone, and no secret", () => {
    const own = { TZ: "UTC", HTTPS_PROXY: "http://p", WORKER_SECRET: "s", PATH: "/bin" };
    expect(childEnvironment(own, "/tmp/1")).toEqual({
      TMPDIR: "/tmp/1",
      TZ: "UTC",
      HTTPS_PROXY: "http://p",
    });
  });
});

describe("find child", () => {
  it("finds the built program from the sources", () => {
    expect(findChild()).toMatch(/packages\/engine\/dist\/bundle\/child\.cjs$/);
  });

  it("says what is missing and what to do", () => {
    expect(() => findChild("file:///nowhere/at/all/engine.mjs")).toThrow(
      /no \/nowhere\/at\/all\/child\.cjs\. Run `npm run build`, or pass `childPath`/,
    );
  });
});
