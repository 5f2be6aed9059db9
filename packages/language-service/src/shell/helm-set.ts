import { slice } from "../command.ts";
import { type Given, variable } from "../process.ts";
import type { Value } from "../region.ts";
import { optionOfVariable } from "../worker-options.ts";

/** `env[0].name=NAME,env[0].value=VALUE`, `env.NAME=VALUE` and `worker.workloops=VALUE`; a comma ends a value. */
const pattern =
  /(?:^|,)(?:([\w.-]*\[\d+\])\.name=(WORKER_\w+),\1\.value=|(?:[\w.-]+\.)?(WORKER_[A-Z_]+|workloops)=)([^,]*)/g;

/** What `helm install --set` and its kin give to a worker. */
export function helmSet(words: readonly Value[], from: string): Given[] {
  const sets = words.filter(
    (word, i) =>
      /^--set(?:-string)?$/.test(words[i - 1]?.text ?? "") || /^--set(?:-string)?=/.test(word.text),
  );
  return sets.flatMap((word) => {
    const head = /^--set(?:-string)?=/.exec(word.text)?.[0].length ?? 0;
    return [...word.text.slice(head).matchAll(pattern)].flatMap((match): Given[] => {
      const [all, , listed, direct, written = ""] = match;
      const name = listed ?? (direct === "workloops" ? "WORKER_WORKLOOPS" : (direct ?? ""));
      if (optionOfVariable(name) === undefined) return [];
      const end = head + match.index + all.length;
      const part = slice(word, end - written.length, end);
      // A comma, a brace or a backslash means something to helm.
      const write = (next: string) => (/[,{}\\]/.test(next) ? undefined : part.write(next));
      const value = { ...part, write };
      const { uri } = word;
      return [variable({ uri, name, span: value.content, value, from, remove: undefined })];
    });
  });
}
