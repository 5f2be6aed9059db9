import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loopbackRegistry } from "../engine/adaptors/loopback-registry.ts";
import { type FaultSite, openFaultSite, type WorkerOptions } from "./fault-site.ts";
import { each, give, judgedAtEnd } from "./judged.ts";
import { witnessRepo } from "./witness.ts";

/** Text of this length that gzip cannot shorten by much. */
function noise(length: number): string {
  let state = 1;
  const letters = Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return String.fromCharCode(35 + ((state >>> 16) % 88));
  });
  return letters.join("");
}

const version = "1.0.0";
const registry = await loopbackRegistry({
  "@openfn/language-stuck": [{ version, files: {} }],
  "@openfn/language-large": [{ version, files: { "index.js": `/*${noise(3_000_000)}*/` } }],
});
// npm waits for an answer that never comes.
registry.answer(/language-stuck/, () => undefined);

const withNpm = (site: FaultSite): Readonly<Record<string, string>> => ({
  npm_config_registry: registry.url,
  npm_config_cache: join(site.folder, "npm-cache"),
});

/** A run that needs this adaptor, and runs of another lane meanwhile: they are not delayed by it. */
async function installs(
  site: FaultSite,
  adaptor: string,
  options: WorkerOptions = {},
): Promise<string> {
  await site.worker({
    lanes: "fast_lane:1 *:1",
    ...options,
    env: { ...withNpm(site), ...options.env },
  });
  const job = { adaptor: `${adaptor}@${version}`, body: "fn((state) => state);" };
  const plan = { jobs: [job], options: { run_timeout_ms: 20_000 } };
  const [bad = ""] = await site.post([{ plan }]);
  await site.until(bad, ({ state }) => state !== "available");
  const beside = await give(site, ["1", "2", "3"], "", { queue: "fast_lane" });
  expect(await judgedAtEnd(site, beside)).toEqual(each(beside, "success"));
  const finished = await Promise.all(Object.values(beside).map((id) => site.run(id)));
  expect(await judgedAtEnd(site, { bad })).toEqual({
    violations: [],
    bad: ["exception AutoinstallError", 0],
  });
  const { finished_at, error_message } = await site.run(bad);
  if (adaptor.endsWith("stuck")) {
    for (const run of finished) expect(run.finished_at).toBeLessThan(Number(finished_at));
  }
  const next = await give(site, ["next"]);
  expect(await judgedAtEnd(site, next)).toEqual(each(next, "success"));
  return error_message ?? "";
}

test.concurrent("fault 24: an install that hangs ends its run as an exception when the run's time is over; runs of the other lane end before it", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  expect(await installs(site, "@openfn/language-stuck")).toMatch(/not installed within/);
});

test.concurrent("fault 24: an install that fails ends its run as an exception; runs of the other lane end well meanwhile", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  expect(await installs(site, "@openfn/language-missing")).toMatch(/404/);
});

/** A file system of one megabyte, or `undefined` where this process may mount none. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "workloops-faults-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", folder], {
      stdio: "ignore",
    });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

function unmount(folder: string): void {
  execFileSync("umount", ["-l", folder]);
  rmSync(folder, { recursive: true });
}

const probe = smallDisk();
if (probe !== undefined) unmount(probe);

test
  .skipIf(probe === undefined)
  .concurrent(
    "fault 24: an install on a full disk, a file system of 1 MB, ends its run as an exception; runs of the other lane end well meanwhile",
    async ({ onTestFinished }) => {
      const site = await openFaultSite();
      const disk = smallDisk() ?? "";
      onTestFinished(async () => {
        await site.close();
        unmount(disk);
      });
      const repoDir = witnessRepo(disk);
      expect(await installs(site, "@openfn/language-large", { repoDir })).toMatch(
        /ENOSPC|no space/,
      );
    },
  );

test.concurrent("fault 24: an install that may write no file of its size, the stand-in for a full disk where none can be mounted, ends its run as an exception", async ({
  onTestFinished,
}) => {
  const site = await openFaultSite();
  onTestFinished(site.close);
  const home = join(site.folder, "small");
  mkdirSync(home);
  // In blocks of 512 bytes, or 1024: less than the file, more than all else that is written.
  const under = ["/bin/sh", "-c", 'ulimit -f 1024 && exec "$@"', "sh"];
  const options = { repoDir: witnessRepo(home), under };
  expect(await installs(site, "@openfn/language-large", options)).toMatch(/EFBIG|SIGXFSZ/);
});
