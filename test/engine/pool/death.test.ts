import { describe, expect, it } from "vitest";
import { causeOfDeath, type Exit } from "../../../packages/engine/src/pool/death.ts";

const exit = (fields: Partial<Exit>): Exit => ({
  code: null,
  signal: null,
  stderr: "",
  killedAt: undefined,
  ...fields,
});

describe("cause of death", () => {
  it.each([
    [
      exit({ signal: "SIGABRT", stderr: "FATAL ERROR: Reached heap limit ... heap out of memory" }),
      "kill OOMError: The run used more than its 200 MB of memory: its JavaScript heap was full.",
    ],
    [
      exit({ signal: "SIGKILL", killedAt: "own" }),
      "kill OOMError: The run used more than its 200 MB of memory: the kernel ended its process at the limit of its group.",
    ],
    [
      exit({ signal: "SIGKILL", killedAt: "outer" }),
      "crash ExitError: The run's process was ended by the kernel for want of memory: not at the run's own limit, but at that of the worker's control group, of one around it, or of the machine.",
    ],
    [
      exit({ signal: "SIGKILL" }),
      "crash ExitError: The run's process was ended by SIGKILL from outside. The kernel does that where memory runs out: look for `oom` in its log.",
    ],
    [
      exit({ signal: "SIGSEGV" }),
      "crash ExitError: The run's process was ended by SIGSEGV from outside.",
    ],
    [exit({ code: 3 }), "crash ExitError: The run's process ended by itself with exit code 3."],
    [
      exit({ stderr: "could not be started: EAGAIN" }),
      "crash ExitError: The run's process could not be started: EAGAIN.",
    ],
  ])("%o", (how, expected) => {
    const { reason, type, message } = causeOfDeath(how, 200);
    expect(`${reason} ${type}: ${message}`).toBe(expected);
  });
});
