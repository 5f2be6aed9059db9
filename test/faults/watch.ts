import type { Act, FaultProxy } from "./proxy/fault-proxy.ts";
import type { Message } from "./proxy/message.ts";

/** A message that the proxy saw: when it was passed on, or destroyed. */
export interface Seen extends Message {
  readonly at: number;
  readonly isLost: boolean;
}

export type Match = (message: Message) => boolean;

export interface Watch {
  readonly all: readonly Seen[];
  /** Resolves with the n-th message that matches, of those that have come and will come. */
  readonly saw: (match: (message: Seen) => boolean, n?: number) => Promise<Seen>;
  /** Claims of a lane, or of all, that the worker sent, whatever became of them. */
  readonly claims: (chain?: string) => readonly Seen[];
}

/** Keeps all that the proxy sees from now on. */
export function watch(proxy: FaultProxy): Watch {
  const all: Seen[] = [];
  const looks = new Set<() => void>();
  const see = (message: Message, isLost: boolean): void => {
    all.push({ ...message, at: performance.now(), isLost });
    for (const look of [...looks]) look();
  };
  proxy.onPassed = (message) => see(message, false);
  proxy.onLost = (message) => see(message, true);
  return {
    all,
    saw: (match, n = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = all.filter(match)[n - 1];
          if (found === undefined) return;
          looks.delete(look);
          resolve(found);
        };
        looks.add(look);
        look();
      }),
    claims: (chain) => all.filter(claim(chain)),
  };
}

/** Does this to the first messages that match, and says how many it has met. */
export function strike(proxy: FaultProxy, match: Match, act: Act, times = 1): () => number {
  const others = proxy.judge;
  let struck = 0;
  proxy.judge = (message) => {
    if (struck >= times || !match(message)) return others(message);
    struck += 1;
    return act;
  };
  return () => struck;
}

export const claim =
  (chain?: string): Match =>
  (message) =>
    message.event === "claim" && (chain === undefined || message.chain === chain);

/** A reply to a claim that hands out runs. */
export const grant: Match = ({ granted }) => granted.length > 0;

/** An event on the channel of a run, or a join of it. */
export const ofRun =
  (event: string): Match =>
  (message) =>
    message.way === "up" && message.event === event && message.topic.startsWith("run:");

export const answerOfRun =
  (event: string): Match =>
  (message) =>
    message.replyTo === event && message.topic.startsWith("run:");

/** The figure of the issue: a lane claims again so long after a reconnect, at most. */
export const CLAIMS_AGAIN_MS = 2_000;

/** The first thing that a worker sends on a new connection. */
export const queueJoin: Match = ({ topic, event }) =>
  topic === "worker:queue" && event === "phx_join";

/** How long after its next reconnect a lane claims. Call it before the connection goes. */
export async function claimsAgain({ all, saw }: Watch, chain: string): Promise<number> {
  const { at } = await saw(queueJoin, all.filter(queueJoin).length + 1);
  const next = await saw((message) => claim(chain)(message) && message.at >= at);
  return next.at - at;
}

/** For what a proxy holds back until it is released. */
export function gate(): { readonly until: Promise<void>; readonly release: () => void } {
  let release = (): void => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { until, release };
}

/** The most claims of a lane that waited for their answers at the same time. */
export function mostOpenClaims({ all }: Watch, chain: string): number {
  let open = 0;
  let most = 0;
  for (const message of all.filter((one) => one.chain === chain)) {
    open += message.way === "up" ? 1 : -1;
    most = Math.max(most, open);
  }
  return most;
}
