import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { engineForTests } from "../engine/execute.ts";
import { adaptorRepo, installTestAdaptors } from "./adaptors-for-tests.ts";
import type { JobVector } from "./job-vectors.ts";
import { ourOutcomes } from "./our-outcomes.ts";
import { outcomeOf, runVector } from "./run-vector.ts";

const atOnce = 3;

/** A port that nothing listens on: the registry that cannot be reached. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The oldest major of Node that has what a row looks for. */
const oldestNode: Readonly<Record<string, number>> = { "sandbox/globals-available": 22 };

/** The expectation with `{"$any":"string"}` as a matcher, and nothing said of what it leaves out. */
function matcher(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$any" in value) return expect.any(String);
  if (Array.isArray(value)) return value.map(matcher);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, matcher(item)]));
}

/** What the row says and what happened, in the fields that the row has. */
function compared({ expected: row }: JobVector, outcome: Record<string, unknown>) {
  const { reason, error_type, error_message, final_state, steps, operations, logs, error_pos } =
    row;
  const fields = {
    reason,
    error_type,
    steps,
    logs,
    ...(final_state !== undefined && { final_state }),
    ...(error_message !== undefined && { error_message }),
    ...(operations !== undefined && { operations }),
    ...(error_pos?.column !== undefined && {
      error_pos: { line: error_pos.line, column: error_pos.column },
    }),
  };
  const happened = Object.fromEntries(Object.keys(fields).map((key) => [key, outcome[key]]));
  const done = (outcome["steps"] as Record<string, unknown>[]).map((step, index) => {
    const named = Object.keys(steps[index] ?? {}).filter((key) => key !== "input_from");
    return Object.fromEntries(named.map((key) => [key, step[key]]));
  });
  const wanted = steps.map(({ ...step }) => {
    Reflect.deleteProperty(step, "input_from");
    return step;
  });
  return {
    expected: matcher({ ...fields, steps: wanted }),
    happened: JSON.parse(JSON.stringify({ ...happened, steps: done })) as unknown,
  };
}

const major = Number(process.versions.node.split(".")[0]);
const isEqual = ({ tags = [] }: JobVector) => tags.every((tag) => tag === "peer-quirk");

/** False for a row that looks for what this Node does not have. */
export function isForThisNode({ name }: JobVector): boolean {
  return (oldestNode[name] ?? 0) <= major;
}

/** Runs the rows that this Node can run, some at once; a test waits for its own. */
async function runAll(rows: readonly JobVector[]) {
  await installTestAdaptors();
  const engine = await engineForTests({
    repoDir: adaptorRepo,
    capacity: atOnce,
    registry: `http://127.0.0.1:${await unusedPort()}/`,
  });
  const outcomes = new Map<string, Promise<Record<string, unknown>>>();
  const slots: Promise<unknown>[] = Array.from({ length: atOnce }, () => Promise.resolve());
  for (const [index, vector] of rows.entries()) {
    const slot = index % atOnce;
    const before = slots[slot] ?? Promise.resolve();
    const outcome = before.then(async () => outcomeOf(await runVector(engine, vector)));
    outcomes.set(vector.name, outcome);
    slots[slot] = outcome.catch(() => undefined);
  }
  return outcomes;
}

/** One test for each row: equal to the incumbent, or what we do in its place. */
export async function testVectors(all: readonly JobVector[]): Promise<void> {
  const rows = all.filter(isForThisNode);
  const outcomes = await runAll(rows);
  const named = rows.map((vector) => [vector.name, vector] as const);

  describe(`job vectors on Node ${major}`, () => {
    it.each(named.filter(([, vector]) => isEqual(vector)))("%s", async (name, vector) => {
      const { expected, happened } = compared(vector, (await outcomes.get(name)) ?? {});
      expect(happened).toEqual(expected);
    });

    it.each(named.filter(([, vector]) => !isEqual(vector)))("%s, our way", async (name) => {
      const outcome = await outcomes.get(name);
      const ours = ourOutcomes[name] ?? {};
      const told = Object.fromEntries(Object.keys(ours).map((key) => [key, outcome?.[key]]));
      expect(Object.keys(ours)).not.toEqual([]);
      expect(told).toEqual(ours);
    });
  });
}
