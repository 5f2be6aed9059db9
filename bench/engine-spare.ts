import { readFileSync, realpathSync } from "node:fs";
import { createPacks } from "../packages/engine/src/adaptors/packs.ts";
import { packInChild } from "../packages/engine/src/pool/pack-in-child.ts";
import { createSpawner } from "../packages/engine/src/pool/spawner.ts";

/** A spare collects its garbage after three seconds, and V8 again after eight or more. */
const idleMs = 10_000;
const memoryLimitMb = 500;

/** Resident MiB of children that have imported these adaptors and wait. */
export async function spawnSpare(
  adaptors: readonly string[],
  repoDir: string,
  childPath: string,
): Promise<number[]> {
  const places = { repoDir: realpathSync(repoDir) };
  const spawner = createSpawner(realpathSync(childPath), places);
  const packs = createPacks(places, packInChild(spawner, places));
  // What V8 compiled is made beside the first look, and is there for all spares but the first.
  for (const adaptor of adaptors)
    while ((await packs.find([adaptor], memoryLimitMb))[adaptor]?.codeFile === undefined)
      await new Promise((done) => setTimeout(done, 50));
  const samples = await Promise.all(
    [1, 2, 3, 4, 5].map(async () => {
      const child = spawner.spawn(memoryLimitMb);
      await child.next();
      if (adaptors.length > 0) {
        const found = await packs.find(adaptors, memoryLimitMb);
        child.send({ type: "warm", places, packs: found, adaptors, user: child.user });
        await child.next();
      }
      await new Promise((done) => setTimeout(done, idleMs));
      const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
      return Number(resident?.[1]) / 1024;
    }),
  );
  await spawner.close();
  return samples;
}
