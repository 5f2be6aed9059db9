import { assignment, commandWords, flagsOf, slice } from "../command.ts";
import { dockerBytes, durationSeconds, quantity } from "../hosts/quantity.ts";
import { type Given, type Link, type Place, type Process, process, variable } from "../process.ts";
import type { Value } from "../region.ts";

const boolean =
  /^(?:--(?:rm|init|detach|interactive|tty|privileged|publish-all|read-only|no-healthcheck|oom-kill-disable|sig-proxy|quiet|replace|no-trunc)|-[ditqP]+)(?:=.*)?$/;
const glued = /^-[evpmlhuwac](?=[^-])./;

interface Options {
  readonly byName: Map<string, Value[]>;
  readonly rest: readonly Value[];
}

/** Whether the words start a container: `docker run`, `docker service create`, `podman run` … */
export function containerCommand(words: readonly Value[]): number | undefined {
  const at = words.findIndex((word) => /(?:^|\/)(?:docker|podman|nerdctl)$/.test(word.text));
  if (at < 0 || at > 2) return undefined;
  for (let i = at + 1; i < Math.min(words.length, at + 6); i += 1) {
    const text = words[i]?.text;
    if (text === "run" || text === "create") return i + 1;
    if (text === "exec" || text === "build" || text === "compose") return undefined;
  }
  return undefined;
}

function readOptions(words: readonly Value[], from: number): Options {
  const byName = new Map<string, Value[]>();
  let i = from;
  for (; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined || !word.text.startsWith("-")) break;
    if (boolean.test(word.text)) continue;
    const equals = word.text.startsWith("--") ? word.text.indexOf("=") : -1;
    const short = glued.test(word.text);
    const name =
      equals > 0 ? word.text.slice(0, equals) : short ? word.text.slice(0, 2) : word.text;
    const value = equals > 0 ? slice(word, equals + 1) : short ? slice(word, 2) : words[i + 1];
    if (equals < 0 && !short) i += 1;
    if (value !== undefined) byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  return { byName, rest: words.slice(i) };
}

/** The process that `docker run` starts. `outer` are the variables of the shell, for `-e NAME`. */
export function readDockerRun(
  words: readonly Value[],
  from: number,
  place: Place,
  outer: readonly Given[],
): Process {
  const { byName, rest } = readOptions(words, from);
  const values = (...names: string[]) => names.flatMap((name) => byName.get(name) ?? []);
  const given = values("-e", "--env").flatMap((word): Given[] => {
    const parts = assignment(word);
    if (parts === undefined) return [];
    const passed = outer.findLast((known) => known.name === parts.name);
    if (parts.value === undefined && passed !== undefined) return [passed];
    return [
      variable({ uri: place.uri, ...parts, span: word.content, from: "-e", remove: undefined }),
    ];
  });
  const [image, ...command] = rest;
  const entrypoint = values("--entrypoint");
  const links = values("--env-file").map(
    (path): Link => ({ kind: "env-file", path: path.text, span: path.content, dialect: "docker" }),
  );
  return process({
    ...place,
    name: `container of ${image?.text ?? "no image"}`,
    platform: "docker",
    image,
    given: [...given, ...flagsOf(commandWords([...entrypoint, ...command]), "command")],
    links,
    memoryLimit: quantity(values("-m", "--memory", "--limit-memory").at(-1), dockerBytes),
    stopGrace: quantity(values("--stop-timeout", "--stop-grace-period").at(-1), durationSeconds),
    kept: values("-v", "--volume", "--mount").flatMap(({ text }) => mounted(text)),
  });
}

function mounted(text: string): string[] {
  const target = /(?:^|,)(?:target|dst|destination)=([^,]+)/.exec(text)?.[1];
  const parts = text.split(":");
  return [target ?? parts[1] ?? parts[0] ?? ""];
}
