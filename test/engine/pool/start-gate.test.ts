import { describe, expect, it } from "vitest";
import { startGate } from "../../../packages/engine/src/pool/start-gate.ts";
import { handClock } from "./hand-clock.ts";

/** A child that is up when told. */
function starting() {
  let up = (): void => undefined;
  const isUp = new Promise<void>((resolve) => {
    up = resolve;
  });
  return {
    isUp,
    async up() {
      up();
      await isUp;
    },
  };
}

function gateOf() {
  const { clock, advance } = handClock();
  const begun: string[] = [];
  const gate = startGate(clock);
  return { gate, advance, begun, ask: (name: string) => gate.whenQuiet(() => begun.push(name)) };
}

describe("start gate", () => {
  it("lets through at once where no child comes up", () => {
    const { ask, begun } = gateOf();
    ask("a");
    expect(begun).toEqual(["a"]);
  });

  it("holds back until the last one is up", async () => {
    const { gate, ask, begun } = gateOf();
    const [one, two] = [starting(), starting()];
    gate.starts(one.isUp);
    gate.starts(two.isUp);
    ask("a");
    await one.up();
    expect(begun).toEqual([]);
    await two.up();
    expect(begun).toEqual(["a"]);
  });

  it("lets one at a time through where each starts a child", async () => {
    const { gate, begun } = gateOf();
    const [run, first, second] = [starting(), starting(), starting()];
    gate.starts(run.isUp);
    for (const [name, child] of [
      ["first", first],
      ["second", second],
    ] as const)
      gate.whenQuiet(() => {
        begun.push(name);
        gate.starts(child.isUp);
      });
    await run.up();
    expect(begun).toEqual(["first"]);
    await first.up();
    expect(begun).toEqual(["first", "second"]);
  });

  it("counts one that does not come up as up", async () => {
    const { gate, ask, begun } = gateOf();
    const failed = Promise.reject(new Error("no"));
    gate.starts(failed);
    ask("a");
    await failed.catch(() => undefined);
    expect(begun).toEqual(["a"]);
  });

  it("holds nothing back for longer than a second, and lets it through once", async () => {
    const { gate, advance, ask, begun } = gateOf();
    const run = starting();
    gate.starts(run.isUp);
    ask("a");
    advance(999);
    expect(begun).toEqual([]);
    advance(1);
    await run.up();
    expect(begun).toEqual(["a"]);
  });

  it("lets nothing through that waits when it closes, nor later", async () => {
    const { gate, advance, ask, begun } = gateOf();
    const run = starting();
    gate.starts(run.isUp);
    ask("a");
    gate.close();
    await run.up();
    advance(1_000);
    ask("b");
    expect(begun).toEqual([]);
  });
});
