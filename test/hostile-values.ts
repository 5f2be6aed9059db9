import { expect } from "vitest";

const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

/** What a stranger may write where something else is expected: JSON texts, by what they are. */
export const hostileTexts: Readonly<Record<string, string>> = {
  null: "null",
  true: "true",
  "a number": "7",
  "a negative number": "-1",
  "a fraction": "0.5",
  "a number beyond all use": "1e308",
  "a text": '"x"',
  "an empty text": '""',
  "a text that names a prototype": '"__proto__"',
  "a text that names a method": '"toString"',
  "a path": '"../../../../../../etc/passwd"',
  "a line for a shell": '"$(id);`id`|id&&id\\n--version"',
  "half a character and none": '"\\ud800\\u0000"',
  "a long text": JSON.stringify("long ".repeat(2_000)),
  "an empty list": "[]",
  "a list of everything": '[null,7,"x",[],{}]',
  "an empty object": "{}",
  "an object without methods": '{"toString":1,"valueOf":1,"toJSON":1,"then":1,"length":1e9}',
  "a prototype of its own": '{"__proto__":{"polluted":1},"polluted":1}',
  "a constructor of its own": '{"constructor":{"prototype":{"polluted":1}}}',
  "lists in lists without end": deep(50_000),
};

type Path = readonly (string | number)[];

/** A message with one thing in it that is not as it should be. */
export interface Mutation {
  readonly where: string;
  /** As JSON, also of what Node cannot write, since it is nested too deeply. */
  readonly text: string;
  readonly value: unknown;
}

/** A message with something wrong in each of its fields, one at a time; the whole message is one of them. */
export function mutationsOf(message: unknown): readonly Mutation[] {
  return [...pathsOf(message)].flatMap((path) => {
    const where = path.length === 0 ? "all of it" : path.join(".");
    const wrong = Object.entries(hostileTexts).map(([name, text]) =>
      mutation(`${where} is ${name}`, () => withTextAt(message, path, text)),
    );
    const without = () => JSON.stringify(changed(message, path, () => undefined));
    return path.length === 0 ? wrong : [...wrong, mutation(`${where} is missing`, without)];
  });
}

/** Made when it is asked for: there are thousands, and some tests want one. */
function mutation(where: string, write: () => string): Mutation {
  return {
    where,
    get text() {
      return write();
    },
    get value() {
      return JSON.parse(write()) as unknown;
    },
  };
}

function* pathsOf(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (typeof value !== "object" || value === null) return;
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  for (const key of keys) yield* pathsOf((value as Record<string, unknown>)[key], [...path, key]);
}

/** No message of a test holds it, so that it can be found again in the text. */
const MARK = "\u0001here\u0001";

/** Built as text, so that the keys of a prototype become fields of the object, as on the wire. */
function withTextAt(message: unknown, path: Path, text: string): string {
  const marked = JSON.stringify(changed(message, path, () => MARK));
  return marked.replace(JSON.stringify(MARK), () => text);
}

function changed(value: unknown, [first, ...rest]: Path, change: () => unknown): unknown {
  if (first === undefined) return change();
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    unknown
  >;
  copy[first] = changed(copy[first], rest, change);
  return copy;
}

const prototypes = [Object, Array, Function, String, Number, Boolean, Promise, Map, Uint8Array].map(
  ({ prototype }) => prototype as object,
);
const asTheyWere = prototypes.map(fieldsOf);

function fieldsOf(prototype: object): readonly unknown[] {
  return Reflect.ownKeys(prototype).map((key) => [
    key,
    Object.getOwnPropertyDescriptor(prototype, key),
  ]);
}

/** No object of this process has got or lost anything by what was read. */
export function expectUnpolluted(): void {
  expect(prototypes.map(fieldsOf)).toEqual(asTheyWere);
}
