import type { Engine, ExecutionPlan, PlanStep, RunEvent } from "../core/index.ts";

/** `--mock`: runs nothing. Each step passes its state on, in the order of the plan. */
export function mockEngine(): Pick<Engine, "execute" | "close"> {
  return {
    execute(plan, input, _options, _lane, onEvent) {
      const ended = play(plan, input, onEvent);
      return { ended, kill: () => {} };
    },
    close: () => Promise.resolve(),
  };
}

async function play(
  plan: ExecutionPlan,
  input: string,
  onEvent: (event: RunEvent) => void | Promise<void>,
): Promise<void> {
  const startedAt = Date.now();
  await onEvent({ type: "workflow-start", time: startedAt, versions: { engine: "mock" } });
  const queue: PlanStep[] = [firstStep(plan)].filter((step) => step !== undefined);
  const seen = new Set<string>();
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const next = Object.keys(step.next ?? {}).filter((id) => !seen.has(id));
    for (const id of [step.id, ...next]) seen.add(id);
    await onEvent({ type: "step-start", time: Date.now(), stepId: step.id, visit: 1 });
    await onEvent({
      type: "step-complete",
      time: Date.now(),
      stepId: step.id,
      visit: 1,
      durationMs: 0,
      memory: { job: 0, system: 0 },
      threadId: "mock",
      output: input,
      next,
    });
    queue.push(...plan.steps.filter(({ id }) => next.includes(id)));
  }
  await onEvent({
    type: "workflow-complete",
    time: Date.now(),
    durationMs: Date.now() - startedAt,
    finalState: input,
  });
}

function firstStep({ start, steps }: ExecutionPlan): PlanStep | undefined {
  return steps.find(({ id }) => id === start) ?? steps[0];
}
