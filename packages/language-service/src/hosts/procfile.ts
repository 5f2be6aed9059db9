import { process } from "../process.ts";
import { pieces, toFile, valueIn } from "../region.ts";
import { readShell } from "../shell/read-shell.ts";
import { baseName, type Host, hashLine, nothing, type Reading } from "./host.ts";

/** Procfiles: `name: command` lines, each handed to a shell. */
export const procfile: Host = {
  id: "procfile",
  comment: () => hashLine,
  mayClaim: isProcfile,
  claims: isProcfile,
  read: (origin) => {
    const { uri, text } = origin;
    let found: Reading = nothing;
    for (const match of text.matchAll(/^([A-Za-z0-9_-]+):[ \t]*([^\r\n]*)/gm)) {
      const [all, name = "", command = ""] = match;
      const start = match.index + all.length - command.length;
      const out = pieces();
      out.same(text, start, start + command.length);
      const span = { start, end: start + command.length };
      const line = valueIn(origin, out.decoded(span), {
        inline: (chars) => (/[\r\n]/.test(chars) ? undefined : chars),
        whole: () => undefined,
      });
      const { given, ...read } = readShell(line, name);
      const named = { start: match.index, end: match.index + name.length };
      const place = { uri, span: toFile(origin, named) };
      const own = process({ ...place, name, platform: "none", given });
      found = {
        processes: [...found.processes, ...(given.length > 0 ? [own] : []), ...read.processes],
        traps: [...found.traps, ...read.traps],
        problems: found.problems,
        embedded: [...found.embedded, ...read.embedded],
      };
    }
    return found;
  },
};

function isProcfile(path: string): boolean {
  return /^Procfile(?:\.\w+)?$/.test(baseName(path));
}
