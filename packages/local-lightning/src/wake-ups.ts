/** A joined `worker:queue` channel that is told of new runs. */
interface Listener {
  readonly push: () => void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Each joined channel has its own window: the first new run opens it, those that follow are
 * absorbed, and one `work-available` ends it. Source: protocol page, section 2.4.
 */
export interface WakeUps {
  /** 0: each new run pushes at once. */
  readonly windowMs: number;
  readonly listeners: Set<Listener>;
  enabled: boolean;
}

export function createWakeUps(windowMs: number, enabled: boolean): WakeUps {
  return { windowMs, listeners: new Set(), enabled };
}

/** @returns what takes the listener off again */
export function listen(wakeUps: WakeUps, push: () => void): () => void {
  const listener: Listener = { push, timer: undefined };
  wakeUps.listeners.add(listener);
  return () => {
    clearTimeout(listener.timer);
    wakeUps.listeners.delete(listener);
  };
}

/** A run was made: every listener hears of it, whatever its capacity and queues. */
export function announceRun(wakeUps: WakeUps): void {
  if (!wakeUps.enabled) return;
  for (const listener of wakeUps.listeners) {
    if (wakeUps.windowMs === 0) listener.push();
    else
      listener.timer ??= setTimeout(() => {
        listener.timer = undefined;
        if (wakeUps.enabled) listener.push();
      }, wakeUps.windowMs);
  }
}

/** Pushes to all at once, whatever the window. */
export function pushToAll(wakeUps: WakeUps): void {
  for (const listener of wakeUps.listeners) listener.push();
}
