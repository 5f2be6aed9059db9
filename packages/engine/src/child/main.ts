import type { EngineMessage, PackPlaces, RunUser } from "../messages.ts";
import { receiveFrames, sendFrame } from "./channel.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { guardCodeGeneration } from "./guard-code-generation.ts";
import { readPack } from "./load-pack.ts";
import { makePack, sayCode } from "./make-pack.ts";
import { type ModuleLoader, moduleLoader, type ReadPacks } from "./module-loader.ts";
import { runPlan } from "./run-plan.ts";

/** A spare that waits so long is in no hurry, and may wait for hours. */
const idleMs = 3_000;

/**
 * A child process of the engine: warms up when asked, executes one plan, and is never used
 * again. It reads its orders from standard input and speaks on file descriptor 3.
 */
async function main(): Promise<void> {
  guardCodeGeneration();
  // OpenFn's tools make a placeholder of the whole state where one BigInt is in it.
  Object.defineProperty(BigInt.prototype, "toJSON", {
    value(this: bigint) {
      return this.toString();
    },
  });
  let loader: ModuleLoader | undefined;
  const packs: ReadPacks = new Map();
  const packed = new Set<string>();
  let idle: NodeJS.Timeout | undefined;
  sendFrame({ type: "ready" });
  for await (const frame of receiveFrames()) {
    clearTimeout(idle);
    const message = frame.head as EngineMessage;
    const enter = (): void => become(message.user);
    if (message.type === "pack") return makePack(message, enter);
    if (message.type === "code") return sayCode(message.pack, enter);
    readPacks(message.packs, packs, packed);
    if (message.user.mayRead || message.adaptors.every((adaptor) => packed.has(adaptor))) enter();
    loader ??= moduleLoader(message.places, packs);
    if (message.type === "warm") {
      await warm(message.adaptors, loader);
      sendFrame({ type: "ready" });
      idle = setTimeout(collectGarbage, idleMs);
      continue;
    }
    await runPlan(message.plan, frame.body, message, loader, enter);
    return;
  }
}

/** Reads what was not read before: `packed` has every adaptor that ever had a pack here. */
function readPacks(places: PackPlaces, packs: ReadPacks, packed: Set<string>): void {
  for (const [adaptor, place] of Object.entries(places)) {
    const pack = packed.has(adaptor) ? undefined : readPack(place);
    if (pack === undefined) continue;
    packs.set(adaptor, pack);
    packed.add(adaptor);
  }
}

async function warm(adaptors: readonly string[], loader: ModuleLoader): Promise<void> {
  await Promise.allSettled(
    adaptors.flatMap((adaptor) => [loader.load(adaptor), loader.namesOf(adaptor)]),
  );
}

/** Gives up root for good; again it does nothing. */
function become({ uid }: RunUser): void {
  if (uid === undefined || process.setgroups === undefined || process.getuid?.() === uid) return;
  process.setgroups([]);
  process.setgid?.(uid);
  process.setuid?.(uid);
}

void main();
