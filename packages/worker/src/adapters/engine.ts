import { createEngine, type Engine } from "@workloops/engine";

export interface EngineStart {
  readonly repoDir: string;
  readonly monorepoDir: string | undefined;
  readonly capacity: number;
  readonly memoryLimitMb: number;
  /** How long one try may take. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly onRetry: (problem: string, waitMs: number) => void;
}

/**
 * Starts the engine, again where that fails: 1, 2, 4 s apart.
 * Rejects with the last problem where it never comes up.
 */
export async function startEngine(options: EngineStart): Promise<Engine> {
  const { repoDir, monorepoDir, capacity, memoryLimitMb } = options;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await within(
        createEngine({
          repoDir,
          capacity,
          memoryLimitMb,
          ...(monorepoDir !== undefined && { monorepoDir }),
        }),
        options.timeoutMs,
      );
    } catch (error) {
      if (attempt >= options.retries) throw error;
      const waitMs = 1_000 * 2 ** attempt;
      options.onRetry(error instanceof Error ? error.message : String(error), waitMs);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** An engine that comes up after its time is closed again. */
async function within(starting: Promise<Engine>, timeoutMs: number): Promise<Engine> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), timeoutMs);
  });
  const first = await Promise.race([starting, late]).finally(() => clearTimeout(timer));
  if (first !== "late") return first;
  starting.then(
    (engine) => engine.close(),
    () => {},
  );
  throw new Error(`The engine did not start within ${timeoutMs} ms.`);
}
