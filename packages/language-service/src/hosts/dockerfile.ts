import { assignment, slice } from "../command.ts";
import { type Given, type Process, process, variable } from "../process.ts";
import { type Origin, toFile, type Value, valueIn } from "../region.ts";
import { decodeWord } from "../shell/decode-word.ts";
import { readShell } from "../shell/read-shell.ts";
import { quotingOf } from "../shell/split-words.ts";
import { unquotedReach, withoutQuotes } from "../shell/unquoted.ts";
import { wordSpans } from "../shell/word-spans.ts";
import { optionOfVariable } from "../worker-options.ts";
import { commandGiven, listWords, scriptGiven } from "../yaml/command-given.ts";
import { doubleQuoted } from "../yaml/quote-scalar.ts";
import { parseYaml, rootOf } from "../yaml/yaml-file.ts";
import { type Instruction, instructions } from "./dockerfile-instructions.ts";
import { baseName, type Embedded, type Host, hashLine, nothing, type Trap } from "./host.ts";

/** Dockerfiles: what an image sets for every container that is made of it. */
export const dockerfile: Host = {
  id: "dockerfile",
  comment: () => hashLine,
  mayClaim: isDockerfile,
  claims: isDockerfile,
  read: (origin) => {
    const state: State = {
      ...{ origin, stages: new Map(), traps: [], shell: [], embedded: [] },
      current: undefined,
    };
    for (const instruction of instructions(origin)) read(state, instruction);
    const { traps, embedded } = state;
    const processes = [...state.stages.values(), ...state.shell];
    return { ...nothing, processes, traps, embedded };
  },
};

interface State {
  readonly origin: Origin;
  /** By number and by name; a later stage takes over what an earlier one sets. */
  readonly stages: Map<string, Process>;
  readonly traps: Trap[];
  /** What ARG and RUN give while the image is built. */
  readonly shell: Process[];
  /** Files that here-documents of COPY and RUN write. */
  readonly embedded: Embedded[];
  current: string | undefined;
}

function isDockerfile(path: string): boolean {
  const name = baseName(path);
  return /^(?:Dockerfile|Containerfile)(?:\..+)?$|\.(?:dockerfile|containerfile)$/i.test(name);
}

function read(state: State, instruction: Instruction): void {
  const { keyword, rest } = instruction;
  if (keyword === "FROM") from(state, instruction);
  else if (keyword === "ENV") give(state, assignments(state, instruction));
  else if (keyword === "ARG") {
    // An argument of the build is no variable of the process.
    const given = assignments(state, instruction);
    const place = { uri: rest.uri, span: instruction.span };
    if (given.length > 0)
      state.shell.push(process({ ...place, name: "ARG", platform: "none", given }));
  } else if (keyword === "CMD" || keyword === "ENTRYPOINT")
    give(state, command(state, instruction));
  else if (keyword === "RUN") run(state, instruction);
  else if (keyword === "COPY" || keyword === "ADD") copy(state, instruction);
  else if (keyword === "ONBUILD" || keyword === "HEALTHCHECK") inner(state, instruction);
}

function run(state: State, { rest, span }: Instruction): void {
  const { processes, given, traps, embedded } = readShell(rest, "RUN");
  // A here-document without a command is the script itself.
  const bare = /^\s*<</.test(rest.text);
  state.traps.push(...traps);
  state.shell.push(...processes);
  state.embedded.push(...embedded.map((found) => (bare ? { ...found, path: "script.sh" } : found)));
  if (given.some(({ option }) => option === "workloops")) {
    state.shell.push(process({ uri: rest.uri, span, name: "RUN", platform: "none", given }));
  }
}

/** `COPY <<END /path` writes the here-document to that file. */
function copy(state: State, { rest }: Instruction): void {
  if (!rest.text.includes("<<")) return;
  const path = /<<-?["']?\w+["']?[ \t]+(\S+)/.exec(rest.text)?.[1] ?? "";
  state.embedded.push(...readShell(rest, "COPY").embedded.map((found) => ({ ...found, path })));
}

/** `ONBUILD ENV …` and `HEALTHCHECK … CMD …` hold an instruction of their own. */
function inner(state: State, { keyword, rest, span }: Instruction): void {
  const [head] = /^\s*(?:--\S+\s+)*[A-Za-z]+(?=\s)/.exec(rest.text) ?? [];
  const name = head === undefined ? "" : head.slice(head.search(/[A-Za-z]+$/)).toUpperCase();
  if (head === undefined || (keyword === "HEALTHCHECK" && name !== "CMD")) return;
  const word = { keyword: name, rest: slice(rest, head.length), span };
  if (keyword === "ONBUILD") {
    read(state, word);
    return;
  }
  const given = command(state, word);
  const place = { uri: rest.uri, span, name: keyword, platform: "none" } as const;
  if (given.length > 0) state.shell.push(process({ ...place, given }));
}

function from(state: State, { rest, span }: Instruction): void {
  const words = wordSpans(rest.text).map((found) => word(rest, found.start, found.end));
  const image = words.find(({ text }) => !text.startsWith("--"));
  const as = words.findIndex(({ text }) => /^as$/i.test(text));
  const base = state.stages.get(image?.text ?? "");
  const name = (as < 0 ? undefined : words[as + 1]?.text) ?? String(state.stages.size);
  const { uri } = state.origin;
  const started = process({
    uri,
    span: image?.span ?? span,
    name: `stage ${name}`,
    platform: "none",
    image: base?.image ?? image,
    given: base?.given ?? [],
  });
  state.current = name;
  state.stages.set(name, started);
}

function give(state: State, given: readonly Given[]): void {
  const name = state.current ?? "";
  const { uri } = state.origin;
  const stage =
    state.stages.get(name) ??
    process({ uri, span: { start: 0, end: 0 }, name: "stage", platform: "none" });
  state.stages.set(name, { ...stage, given: [...stage.given, ...given] });
}

function word(rest: Value, start: number, end: number): Value {
  const quoting = quotingOf(rest.text.slice(start, end));
  return valueIn(rest, decodeWord(rest.text, start, end), {
    ...quoting,
    whole: (value) => (/[\r\n]/.test(value) ? undefined : quoteWord(value)),
  });
}

/** A word of ENV in double quotes. Only the assignment's value is quoted where there is a name before it. */
function quoteWord(value: string): string {
  const [, name = "", text = ""] = /^([A-Za-z_][A-Za-z0-9_]*=)?([\s\S]*)$/.exec(value) ?? [];
  return `${name}"${text.replace(/["\\$]/g, "\\$&")}"`;
}

function assignments(state: State, instruction: Instruction): Given[] {
  const { keyword, rest } = instruction;
  const spans = wordSpans(rest.text);
  const [first, second] = spans;
  if (first === undefined) return [];
  const name = rest.text.slice(first.start, first.end);
  if (keyword === "ENV" && !name.includes("=")) {
    if (second === undefined) return [];
    const end = rest.text.trimEnd().length;
    const value = word(rest, second.start, end);
    return [
      variable({
        uri: rest.uri,
        name,
        span: instruction.span,
        value,
        from: keyword,
        remove: undefined,
      }),
    ];
  }
  return spans.flatMap((span): Given[] => {
    const whole = word(rest, span.start, span.end);
    const parts = assignment(whole);
    if (parts?.value === undefined) return [];
    if (optionOfVariable(parts.name) === "workloops")
      unquoted(state, rest, span.start + parts.name.length + 1);
    return [
      variable({ uri: rest.uri, ...parts, span: whole.span, from: keyword, remove: undefined }),
    ];
  });
}

function unquoted(state: State, rest: Value, start: number): void {
  const reach = unquotedReach(rest.text, start);
  const written = rest.text.slice(reach.start, reach.end);
  if (!/\s/.test(written)) return;
  const edit = rest.write(
    rest.text.slice(0, reach.start) +
      doubleQuoted(withoutQuotes(written)) +
      rest.text.slice(reach.end),
  );
  state.traps.push({
    code: "dockerfile-unquoted",
    span: toFile(rest, reach),
    reads: `the value ends at the first space, and ${JSON.stringify(rest.text.slice(reach.head, reach.end).trim().split(/\s+/)[0])} is taken for another assignment`,
    fix: edit && { title: "Quote the value", edits: [edit] },
  });
}

function command(state: State, { keyword, rest }: Instruction): Given[] {
  if (!rest.text.trimStart().startsWith("[")) return scriptGiven(rest, keyword, state.traps);
  const file = parseYaml(rest);
  const [document] = file.documents;
  if (document === undefined) return [];
  const words = listWords(rootOf(file, document), (value) => value, state.traps);
  return commandGiven(words, keyword, state.traps);
}
