import { exportedNames } from "../adaptors/exported-names.ts";
import { decodePack } from "../adaptors/pack-format.ts";
import { packModules } from "../adaptors/pack-modules.ts";
import { entryOf, findPackage } from "../adaptors/package-root.ts";
import type { AdaptorPlaces, PackMessage, PackPlace } from "../messages.ts";
import { sendFrame } from "./channel.ts";
import { codeOf, loadPack, readPack } from "./load-pack.ts";
import { moduleLoader, unwrapped } from "./module-loader.ts";

/**
 * Makes the pack of an adaptor and says it, or an empty text where the adaptor from its pack
 * would not offer what it offers from its files. The pack is complete before `enter` is called
 * and any code of the adaptor runs.
 */
export async function makePack(
  { adaptor, places, user }: PackMessage,
  enter: () => void,
): Promise<void> {
  const found = findPackage(adaptor, places);
  const bytes = found && packModules(found);
  const pack = bytes && decodePack(bytes);
  if (found === undefined || pack === undefined) {
    sendFrame({ type: "packed" });
    return;
  }
  // A user that cannot read the files can still run what is in memory.
  const readable = user.mayRead ? undefined : exportedNames(entryOf(found));
  enter();
  const expected = user.mayRead ? await looseNames(adaptor, places) : readable;
  const offered = Object.keys(unwrapped(loadPack({ root: found.root, ...pack })));
  const same = expected !== undefined && sorted(expected) === sorted(offered);
  sendFrame({ type: "packed" }, same ? bytes?.toString("utf8") : "");
}

async function looseNames(adaptor: string, places: AdaptorPlaces): Promise<string[]> {
  return Object.keys(await moduleLoader(places, new Map()).load(adaptor));
}

const sorted = (names: readonly string[]): string => [...names].sort().join();

/** Says what V8 has compiled of a pack once it is loaded; an empty text where the pack is gone. */
export function sayCode(place: PackPlace, enter: () => void): void {
  const pack = readPack(place);
  enter();
  sendFrame({ type: "code" }, pack && codeOf(pack).toString("base64"));
}
