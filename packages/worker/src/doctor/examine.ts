import { memoryLimit } from "../adapters/memory-limit.ts";
import { configure } from "../options/configuration.ts";
import { readOptions } from "../options/read-options.ts";
import { toWorkerConfig } from "../options/worker-config.ts";
import { bad, type Check, warning } from "./check.ts";
import { checkLightning } from "./check-lightning.ts";
import { checkMachine } from "./check-machine.ts";

/** Looks at everything that a worker with these arguments would need. It never claims. */
export async function examine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly Check[]> {
  const options = readOptions(args, env);
  const config = toWorkerConfig(options);
  const configured = configure(options, {
    runMemoryMb: config.runMemoryMb,
    memoryLimit: memoryLimit(),
    runDurationSeconds: config.runDurationMs / 1_000,
  });
  return [
    ...options.problems.map((problem) => bad("options", problem)),
    ...options.warnings.map((problem) => warning("options", problem)),
    ...checkMachine(config, configured),
    ...(await checkLightning(config)),
  ];
}
