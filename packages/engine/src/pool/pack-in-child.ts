import type { PackMakers } from "../adaptors/packs.ts";
import type { AdaptorPlaces, EngineMessage, RunUser } from "../messages.ts";
import type { Spawner } from "./spawner.ts";

/** The trees of some hundred files, one after another. */
const packingLimitMb = 512;
/** Longer than the largest adaptor takes on a busy machine; one that never ends is ended. */
const longestMs = 120_000;

/**
 * Makes packs in children that do nothing else: what one adaptor's code does there reaches no
 * other's pack.
 */
export function packInChild(
  spawner: Spawner,
  places: AdaptorPlaces,
  { closing, timeoutMs = longestMs }: { closing?: AbortSignal; timeoutMs?: number } = {},
): PackMakers {
  const ask = async (
    memoryLimitMb: number,
    message: (user: RunUser) => EngineMessage,
  ): Promise<string | undefined> => {
    if (closing?.aborted) return undefined;
    const child = spawner.spawn(memoryLimitMb);
    const timer = setTimeout(() => child.kill(), timeoutMs);
    try {
      if ((await child.next()) === undefined) return undefined;
      // Runs that are in progress come first.
      child.yieldProcessor();
      child.send(message(child.user));
      return (await child.next())?.body || undefined;
    } finally {
      clearTimeout(timer);
      child.kill();
    }
  };
  return {
    pack: (adaptor) => ask(packingLimitMb, (user) => ({ type: "pack", places, adaptor, user })),
    async code(pack, memoryLimitMb) {
      const data = await ask(memoryLimitMb, (user) => ({ type: "code", pack, user }));
      return data === undefined ? undefined : spawner.keepCode(Buffer.from(data, "base64"));
    },
  };
}
