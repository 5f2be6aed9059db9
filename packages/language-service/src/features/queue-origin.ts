/** Which runs the server puts into a queue (protocol page, section 3.1), as a sentence. */
export function queueOrigin(name: string, declared: readonly string[]): string {
  const origin = origins.get(name);
  if (origin !== undefined) return origin;
  return declared.includes(name)
    ? "a queue that the settings of this workspace declare."
    : "no queue that is known here. A lane that names only unknown queues never gets a run.";
}

const origins: ReadonlyMap<string, string> = new Map([
  ["fast_lane", "runs of webhooks whose caller waits for the result."],
  ["manual", "runs that a person started, and every retry."],
  ["default", "runs of schedules, of message queues, and of webhooks that answer at once."],
]);
