import { describe, expect, it } from "vitest";
import { logPace } from "../../../packages/engine/src/pool/log-pace.ts";
import { handClock } from "./hand-clock.ts";

const line = (characters: number) => ({ head: {}, body: "x".repeat(characters) });

/** Says lines of a thousand characters for so long, and gives how many passed. */
async function flood(forMs: number): Promise<number> {
  const { clock, advance, asked } = handClock();
  const pace = logPace(clock);
  let lines = 0;
  while (clock.now() < forMs) {
    const held = pace(line(1_000));
    lines += 1;
    if (held === undefined) continue;
    advance(asked.at(-1) ?? 0);
    await held;
  }
  return lines;
}

describe("log pace", () => {
  it("lets a job say three hundred lines at once", () => {
    const pace = logPace(handClock().clock);
    const held = Array.from({ length: 300 }, () => pace(line(1_000)));
    expect(held.every((one) => one === undefined)).toBe(true);
  });

  it("lets a line of any length pass, and holds back what follows", () => {
    const pace = logPace(handClock().clock);
    const held = Array.from({ length: 4 }, () => pace(line(1024 * 1024)));
    expect(held.map((one) => one === undefined)).toEqual([true, true, false, false]);
  });

  it("forgets what was said while a job says nothing", () => {
    const { clock, advance } = handClock();
    const pace = logPace(clock);
    for (let i = 0; i < 340; i += 1) pace(line(1_000));
    advance(10_000);
    const held = Array.from({ length: 300 }, () => pace(line(1_000)));
    expect(held.every((one) => one === undefined)).toBe(true);
  });

  it("holds a flood to about seven hundred lines a second, whatever it says at once", async () => {
    const [ten, twenty] = [await flood(10_000), await flood(20_000)];
    expect(twenty - ten).toBeLessThan(7_500);
    expect(twenty - ten).toBeGreaterThan(6_500);
  });
});
