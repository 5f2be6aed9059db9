import { main } from "@workloops/worker";
import type { Command } from "../io.ts";

/** `workloops worker`: claims runs from a Lightning and executes them, until a signal. */
export const worker: Command = (args, io) =>
  main(args, { out: io.out, err: io.err, env: io.env, isTerminal: io.columns !== undefined });
