import { readFileSync, realpathSync } from "node:fs";
import { createSpawner } from "../packages/engine/src/pool/spawner.ts";

/** Resident MiB of idle children that have imported these adaptors. */
export async function spawnSpare(
  adaptors: readonly string[],
  repoDir: string,
  childPath: string,
): Promise<number[]> {
  const places = { repoDir: realpathSync(repoDir) };
  const spawner = createSpawner(realpathSync(childPath), places);
  const samples: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const child = spawner.spawn(500);
    await child.next();
    child.send({ type: "warm", places, adaptors });
    await child.next();
    const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"));
    samples.push(Number(resident?.[1]) / 1024);
    child.kill();
  }
  await spawner.close();
  return samples;
}
