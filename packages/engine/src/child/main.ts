import type { EngineMessage } from "../messages.ts";
import { receiveFrames, sendFrame } from "./channel.ts";
import { guardCodeGeneration } from "./guard-code-generation.ts";
import { type ModuleLoader, moduleLoader } from "./module-loader.ts";
import { runPlan } from "./run-plan.ts";

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
  sendFrame({ type: "ready" });
  for await (const frame of receiveFrames()) {
    const message = frame.head as EngineMessage;
    loader ??= moduleLoader(message.places);
    if (message.type === "warm") {
      await warm(message.adaptors, loader);
      sendFrame({ type: "ready" });
      continue;
    }
    await runPlan(message.plan, frame.body, message, loader, () => become(message.uid));
    return;
  }
}

async function warm(adaptors: readonly string[], loader: ModuleLoader): Promise<void> {
  await Promise.allSettled(
    adaptors.flatMap((adaptor) => [loader.load(adaptor), loader.namesOf(adaptor)]),
  );
}

/** Gives up root for good. */
function become(uid: number | undefined): void {
  if (uid === undefined || process.setgroups === undefined) return;
  process.setgroups([]);
  process.setgid?.(uid);
  process.setuid?.(uid);
}

await main();
