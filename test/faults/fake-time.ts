import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultWorker } from "./fault-site.ts";

/** What Node loads before the worker: its clocks are off by what a file says, from a signal on. */
const preload = `
import { readFileSync } from "node:fs";
const RealDate = Date;
const monotonic = performance.now.bind(performance);
let off = { dateMs: 0, monotonicMs: 0 };
globalThis.Date = class Date extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + off.dateMs);
    else super(...given);
  }
  static now() { return RealDate.now() + off.dateMs; }
};
performance.now = () => monotonic() + off.monotonicMs;
process.on("SIGUSR2", () => {
  off = JSON.parse(readFileSync(process.env.FAKE_TIME, "utf8"));
  console.log("the clocks were set: " + JSON.stringify(off));
});
`;

/** How far the clocks of a process are off: the time of day, and the one that never goes back. */
export interface Offset {
  readonly dateMs: number;
  readonly monotonicMs: number;
}

/** Clocks of a worker that a test can set. */
export interface FakeTime {
  /** For the worker's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets them; a process that is stopped sees it as soon as it goes on. */
  readonly set: (worker: FaultWorker, offset: Offset) => void;
}

export function fakeTime(folder: string): FakeTime {
  const module = join(folder, "fake-time.mjs");
  const file = join(folder, "fake-time.json");
  writeFileSync(module, preload);
  return {
    env: { NODE_OPTIONS: `--import=${module}`, FAKE_TIME: file },
    set(worker, offset) {
      writeFileSync(file, JSON.stringify(offset));
      worker.signal("SIGUSR2");
    },
  };
}
