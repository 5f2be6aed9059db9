import { describe, expect, test } from "vitest";
import { tokenize } from "./tokens.ts";

const value = "fast_lane:1 manual>*:4";
const embedded = "meta.embedded.inline.workloops";

// Every place in which the value must be coloured: `§` stands for it.
const places: readonly (readonly [string, string, string])[] = [
  [
    "source.yaml",
    "a compose map, plain",
    "services:\n  w:\n    environment:\n      WORKER_WORKLOOPS: §\n      A: 1\n",
  ],
  [
    "source.yaml",
    "a compose map, plain, with a comment",
    "environment:\n  WORKER_WORKLOOPS: § # why\n  A: 1\n",
  ],
  [
    "source.yaml",
    "a compose map, double quotes",
    'environment:\n  WORKER_WORKLOOPS: "§"\n  A: "b"\n',
  ],
  [
    "source.yaml",
    "a compose map, single quotes",
    "environment:\n  WORKER_WORKLOOPS: '§'\n  A: 'b'\n",
  ],
  ["source.yaml", "a compose list, plain", "environment:\n  - WORKER_WORKLOOPS=§\n  - A=1\n"],
  ["source.yaml", "a compose list, quoted", 'environment:\n  - "WORKER_WORKLOOPS=§"\n  - "A=1"\n'],
  [
    "source.yaml",
    "two words of a command",
    'command: ["worker", "--workloops", "§", "--port", "1"]\n',
  ],
  ["source.yaml", "one word of a command", 'command: ["worker", "--workloops=§"]\n'],
  ["source.yaml", "a command as a string", 'command: worker --workloops "§" --port 1\n'],
  [
    "source.yaml",
    "Kubernetes, double quotes",
    'env:\n  - name: WORKER_WORKLOOPS\n    value: "§"\n  - name: A\n    value: "b"\n',
  ],
  [
    "source.yaml",
    "Kubernetes, plain",
    "env:\n  - name: WORKER_WORKLOOPS\n    value: §\n  - name: A\n",
  ],
  ["source.dotenv", "plain", "A=1\nWORKER_WORKLOOPS=§\nB=2\n"],
  ["source.dotenv", "double quotes", 'export WORKER_WORKLOOPS="§"\nB=2\n'],
  ["source.dotenv", "single quotes and a comment", "WORKER_WORKLOOPS='§' # why\nB=2\n"],
  [
    "source.systemd",
    "the assignment in quotes",
    '[Service]\nEnvironment="WORKER_WORKLOOPS=§"\nEnvironment=A=1\n',
  ],
  ["source.shell", "double quotes", 'export WORKER_WORKLOOPS="§"\nA=1\n'],
  ["source.shell", "docker run -e", "docker run -e WORKER_WORKLOOPS='§' image\n"],
  [
    "source.shell",
    "docker run -e, the whole word in quotes",
    'docker run -e "WORKER_WORKLOOPS=§" image\n',
  ],
  ["source.shell", "a flag", 'workloops-worker --workloops "§" --port 1\n'],
  ["source.dockerfile", "ENV with an equals sign", 'FROM x\nENV WORKER_WORKLOOPS="§"\nENV A=1\n'],
  ["source.dockerfile", "ENV with a space", "FROM x\nENV WORKER_WORKLOOPS §\nENV A=1\n"],
  ["source.dockerfile", "CMD", 'FROM x\nCMD ["worker", "--workloops", "§"]\n'],
  ["source.json", "a member", '{ "WORKER_WORKLOOPS": "§", "A": "b" }\n'],
  [
    "source.json",
    "name and value",
    '[{ "name": "WORKER_WORKLOOPS", "value": "§" }, { "name": "A" }]\n',
  ],
  ["source.json", "two words of a command", '{ "command": ["--workloops", "§"], "a": 1 }\n'],
  ["source.json", "a script", '{ "scripts": { "start": "worker --workloops \'§\'" } }\n'],
];

const inner = async (scopeName: string, text: string) =>
  (await tokenize(scopeName, text))
    .filter(({ scopes }) => scopes.includes(embedded))
    .map(({ text, scopes }) => [text, ...scopes.slice(scopes.indexOf(embedded) + 1)]);

describe("a value is coloured as in a .workloops file", () => {
  test.each(places)("%s: %s", async (scopeName, _, pattern) => {
    const alone = await tokenize("source.workloops", value);
    const expected = alone.map(({ text, scopes }) => [text, ...scopes.slice(1)]);
    expect(await inner(scopeName, pattern.replace("§", value))).toEqual(expected);
  });
});

describe("the tokens of each place are those that were looked at", () => {
  const grammars = [...new Set(places.map(([scopeName]) => scopeName))];
  test.each(grammars)("%s", async (scopeName) => {
    const pictures: string[] = [];
    for (const [, name, pattern] of places.filter(([scope]) => scope === scopeName)) {
      const tokens = await tokenize(scopeName, pattern.replace("§", value));
      const lines = tokens.map(({ text, scopes }) => `${JSON.stringify(text)} ${scopes.join(" ")}`);
      pictures.push([`# ${name}`, ...lines, ""].join("\n"));
    }
    await expect(pictures.join("\n")).toMatchFileSnapshot(`tokens/${scopeName}.txt`);
  });
});

describe("the lines around it keep their colours", () => {
  test.each(places)("%s: %s", async (scopeName, _, pattern) => {
    const text = pattern.replace("§", value);
    const on = await tokenize(scopeName, text);
    const off = await tokenize(scopeName, text, "plain");
    const line = text.slice(0, text.indexOf(value)).split("\n").length - 1;
    // Kubernetes writes the name on the line before.
    const others = (tokens: typeof on) =>
      tokens.filter((token) => token.line > line || token.line < line - 1);
    expect(others(on)).toEqual(others(off));
  });
});

describe("nothing is coloured", () => {
  test.each([
    ["source.yaml", "# WORKER_WORKLOOPS: fast_lane:1\n"],
    ["source.yaml", "WORKER_WORKLOOPS: ${LANES:-fast_lane:1}\n"],
    ["source.yaml", "OTHER_WORKLOOPS: fast_lane:1\n"],
    ["source.dotenv", "# WORKER_WORKLOOPS=fast_lane:1\n"],
    ["source.shell", 'export WORKER_WORKLOOPS="$LANES"\n'],
    ["source.json", '{ "OTHER": "fast_lane:1" }\n'],
  ])("%s: %j", async (scopeName, text) => {
    expect(await inner(scopeName, text)).toEqual([]);
  });
});
