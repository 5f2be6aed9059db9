import type { PackMakers } from "../adaptors/packs.ts";
import type { AdaptorPlaces, EngineMessage, RunUser } from "../messages.ts";
import type { Spawner } from "./spawner.ts";

/** The trees of some hundred files, one after another. */
const packingLimitMb = 512;

/**
 * Makes packs in children that do nothing else: what one adaptor's code does there reaches no
 * other's pack.
 */
export function packInChild(
  spawner: Spawner,
  places: AdaptorPlaces,
  closing?: AbortSignal,
): PackMakers {
  const ask = async (
    memoryLimitMb: number,
    message: (user: RunUser) => EngineMessage,
  ): Promise<string | undefined> => {
    if (closing?.aborted) return undefined;
    const child = spawner.spawn(memoryLimitMb);
    try {
      if ((await child.next()) === undefined) return undefined;
      // Runs that are in progress come first.
      child.yieldProcessor();
      child.send(message(child.user));
      return (await child.next())?.body || undefined;
    } finally {
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
