/** What a repository declares about its queues. */
export interface Settings {
  /** Names of queues known beside the server's own. */
  readonly queues?: readonly string[];
}

/** The queues that the server puts runs into, as far as it was seen: synchronous webhooks, people and retries, the rest. */
export const serverQueues: readonly string[] = ["fast_lane", "manual", "default"];

/** What the server asks for where a claim names no queues, and what a worker without configuration serves. */
export const defaultChain = "manual>*";

export function knownQueues(settings: Settings): readonly string[] {
  return settings.queues === undefined ? serverQueues : [...serverQueues, ...settings.queues];
}
