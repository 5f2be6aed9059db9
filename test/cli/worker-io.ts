import type { Io } from "../../packages/cli/src/io.ts";

/** A command's surroundings without a terminal, and what it said there. */
export function worldOf(env: Io["env"] = {}) {
  const said = { out: "", err: "" };
  const io: Io = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    readStdin: async () => "",
    cwd: "/",
    env,
    columns: undefined,
    color: false,
  };
  return { io, said };
}
