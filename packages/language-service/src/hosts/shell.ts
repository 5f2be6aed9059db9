import { process } from "../process.ts";
import { readShell } from "../shell/read-shell.ts";
import { baseName, type Host, hash } from "./host.ts";

/** Shell scripts. */
export const shell: Host = {
  id: "shell",
  comment: () => hash,
  mayClaim: (path) => isShell(path) || !baseName(path).includes("."),
  claims: (path, text) => isShell(path) || /^#!.*\b(?:ba|da|z|k|a)?sh\b/.test(text),
  read: (origin) => {
    const { given, ...read } = readShell(origin, "script");
    const { uri } = origin;
    const span = { start: origin.content.start, end: origin.content.start };
    const own = process({ uri, span, name: baseName(uri), platform: "none", given });
    // What a process was given from the script is told there.
    return { ...read, processes: given.length > 0 ? [own, ...read.processes] : read.processes };
  },
};

function isShell(path: string): boolean {
  return /\.(?:sh|bash|zsh|ksh|envrc)$|(?:^|\/)\.(?:bashrc|bash_profile|profile|zshrc|envrc)$/i.test(
    path,
  );
}
