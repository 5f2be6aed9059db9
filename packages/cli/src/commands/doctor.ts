import { type Check, examine } from "@workloops/worker";
import type { Command } from "../io.ts";

const usage = `workloops doctor [WORKER OPTIONS]: looks at what a worker would need, and never claims

  It takes the options and variables of \`workloops worker\`, and --format=json.
  Exit code 0: all is good, or only warned of; 1: a worker would not work.
`;

const marks: Readonly<Record<Check["outcome"], string>> = {
  good: "ok",
  warning: "warning",
  bad: "BAD",
};

export const doctor: Command = async (args, io) => {
  if (args.includes("--help") || args.includes("-h")) {
    io.out(usage);
    return 0;
  }
  const asJson = args.includes("--format=json");
  const checks = await examine(
    args.filter((arg) => !arg.startsWith("--format=")),
    io.env,
  );
  if (asJson) io.out(`${JSON.stringify({ version: 1, checks })}\n`);
  else for (const check of checks) io.out(say(check));
  return checks.some(({ outcome }) => outcome === "bad") ? 1 : 0;
};

/** Further lines, such as a code frame, stand below their check. */
function say({ name, outcome, says }: Check): string {
  const [first = "", ...rest] = says.split("\n");
  const lines = [
    `${marks[outcome].padEnd(8)}${name}: ${first}`,
    ...rest.map((line) => `        ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}
