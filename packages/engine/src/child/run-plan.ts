import run from "@openfn/runtime";
import { importsIn } from "../adaptors/needed-packages.ts";
import type { ExecutionPlan, RunError } from "../engine.ts";
import type { ChildRunOptions, RunMessage } from "../messages.ts";
import { sendFrame } from "./channel.ts";
import { compilePlan } from "./compile-plan.ts";
import { finalStateText } from "./final-state.ts";
import { jobConsole } from "./job-console.ts";
import { linkModule } from "./link-module.ts";
import type { ModuleLoader } from "./module-loader.ts";
import { reclassifyError } from "./reclassify-error.ts";
import { runError } from "./run-error.ts";
import { adaptorConsole, runtimeLogger } from "./runtime-logger.ts";
import {
  logger,
  type StepEnd,
  type StepReporter,
  sendEvent,
  stepReporter,
} from "./step-reporter.ts";
import { versionsOf } from "./versions.ts";

/** A state may take this share of the memory of its run. */
const stateShare = 0.25;

/**
 * Executes a plan and says its events; the last one is `workflow-complete` or `workflow-error`.
 * `enter` is called when everything is loaded and before any code of a job runs.
 */
export async function runPlan(
  plan: ExecutionPlan,
  inputText: string,
  { options, compiled: known }: Pick<RunMessage, "options" | "compiled">,
  loader: ModuleLoader,
  enter: () => void,
): Promise<void> {
  const began = Date.now();
  const reporter = stepReporter(plan, options.payloadLimitMb);
  const fail = (error: RunError): void => {
    const stepId = reporter.interrupt(error);
    const time = Date.now();
    const step = stepId === undefined ? {} : { stepId };
    sendEvent({ type: "workflow-error", time, durationMs: time - began, error, ...step });
  };
  const input = parseInput(inputText);
  if ("problem" in input) return fail(exception("DataClipError", input.problem));
  sendEvent({ type: "workflow-start", time: began, versions: versionsOf(plan) });
  watchUncaught(reporter, options, fail);
  const compiled = await compilePlan(plan.steps, loader, known);
  if ("problem" in compiled)
    return fail({ reason: "crash", type: "CompileError", message: compiled.problem });
  if (Object.keys(compiled.fresh).length > 0)
    sendFrame({ type: "compiled" }, JSON.stringify(compiled.fresh));
  await loadImports(compiled.steps, loader);
  enter();
  try {
    const { start } = plan;
    const workflow = { ...plan, steps: compiled.steps };
    const result = await run(
      // The runtime's types describe its own maps and loggers; ours are read in the same way.
      { id: plan.id, workflow, options: start === undefined ? {} : { start } } as never,
      input.value as never,
      runtimeOptions(options, reporter, loader) as never,
    );
    const finalState = finalStateText(result, reporter.leafCount());
    const error = reporter.leafError();
    const time = Date.now();
    sendEvent(
      { type: "workflow-complete", time, durationMs: time - began, ...(error && { error }) },
      finalState,
    );
  } catch (error) {
    fail(runError(error));
  }
}

function runtimeOptions(options: ChildRunOptions, reporter: StepReporter, loader: ModuleLoader) {
  const limitMb = options.logPayloadLimitMb;
  const say = logger("R/T", reporter, limitMb);
  return {
    logger: runtimeLogger(say),
    jobLogger: jobConsole(logger("JOB", reporter, limitMb), {
      level: options.jobLogLevel ?? "debug",
      sanitize: options.sanitize ?? "none",
    }),
    // Its hook needs a worker thread, which this process must not have; see `moduleLoader`.
    disableEsmHook: true,
    statePropsToRemove: options.statePropsToRemove ?? ["configuration", "response"],
    stateLimitMb: options.memoryLimitMb * stateShare,
    profile: options.profilePollMs !== undefined,
    profilePollInterval: options.profilePollMs,
    linker: { linker: linkModule(loader) },
    callbacks: {
      notify(event: string, payload: unknown): void {
        if (event === "job-start") reporter.start((payload as StepEnd).jobId);
        if (event !== "job-complete" && event !== "job-error") return;
        const end = payload as StepEnd;
        checkPeak(options.memoryLimitMb);
        if (end.error !== undefined) reclassifyError(end.error, end.state, end.jobId);
        reporter.end(end);
      },
    },
  };
}

/** Node's own memory, and the pages of its program file that a peak includes. */
const overheadMb = 192;

/** Memory that was taken and given back between two looks of the engine at this process. */
function checkPeak(memoryLimitMb: number): void {
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  if (peakMb <= memoryLimitMb + overheadMb) return;
  const message = `The run used more than its ${memoryLimitMb} MB of memory: its process held ${peakMb} MB.`;
  throw Object.assign(new Error(message), { name: "OOMError", severity: "kill" });
}

/** An error in a timer or a promise that nobody holds ends the run: its state is unknown. */
function watchUncaught(
  reporter: StepReporter,
  options: ChildRunOptions,
  fail: (error: RunError) => void,
): void {
  const say = logger("ADA", reporter, options.logPayloadLimitMb);
  const console = adaptorConsole(say, options.sanitize ?? "none");
  Object.assign(globalThis.console, console);
  const end = (thrown: unknown): void => {
    console.error?.("An error was thrown outside of any operation and ends the run:");
    console.error?.(thrown);
    fail({ ...runError(thrown), reason: "crash", type: "ExecutionError" });
    process.exit(1);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}

/** Loads what the jobs import while the files can still be read; failures are told when linked. */
async function loadImports(
  steps: readonly { readonly expression?: string; readonly adaptors: readonly string[] }[],
  loader: ModuleLoader,
): Promise<void> {
  const wanted = new Set<string>();
  for (const { expression = "", adaptors } of steps) {
    for (const name of importsIn(expression)) {
      wanted.add(adaptors.find((adaptor) => adaptor.startsWith(`${name}@`)) ?? name);
    }
  }
  await Promise.allSettled([...wanted].map((specifier) => loader.load(specifier)));
}

function parseInput(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { problem: `The input is not JSON: ${(error as Error).message}` };
  }
}

function exception(type: string, message: string): RunError {
  return { reason: "exception", type, message };
}
