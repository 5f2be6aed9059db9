import { expect, it } from "vitest";
import { engineForTests, execute } from "./execute.ts";
import { repoWith } from "./fake-adaptor.ts";

/** Shaped like OpenFn's: a namespace that a job names, beside its own adaptor. */
const repoDir = repoWith([
  {
    name: "@openfn/language-collections",
    version: "1.0.0",
    files: {
      "index.d.ts": 'export * as collections from "./collections";',
      "collections.d.ts": "export declare function get(name: string): unknown;",
      "index.js": 'export * as collections from "./collections.js";',
      "collections.js":
        "export const get = (name) => (state) => { const { collections_token, collections_endpoint, ...rest } = state.configuration; return { ...state, got: [name, collections_token, collections_endpoint, rest] }; };",
    },
  },
  {
    name: "@openfn/language-own",
    version: "1.0.0",
    files: {
      "index.d.ts": "export declare function own(): unknown;",
      "index.js":
        "export const own = () => (state) => ({ ...state, own: Object.keys(state.configuration).sort() });",
    },
  },
]);
const engine = await engineForTests({ repoDir });
const own = "@openfn/language-own@1.0.0";
const collections = "@openfn/language-collections@1.0.0";

it("gives collections to the steps that use them, with the run's credentials beside their own", async () => {
  const { end, steps } = await execute(engine, {
    id: "run",
    credentials: { collections_token: "a token", collections_endpoint: "http://127.0.0.1:9" },
    steps: [
      {
        id: "a",
        adaptors: [own, collections],
        configuration: { user: "me", collections_endpoint: "mine" },
        expression: 'own();\ncollections.get("names");',
        next: { b: true },
      },
      { id: "b", adaptors: [own], expression: "own();" },
    ],
  });
  expect(JSON.parse(steps[0]?.output ?? "")).toEqual({
    data: {},
    own: ["collections_endpoint", "collections_token", "user"],
    // A step's own credential wins, as the page says.
    got: ["names", "a token", "mine", { user: "me" }],
  });
  expect(JSON.parse((end.type === "workflow-complete" && end.finalState) || "")).toMatchObject({
    // Without the credential of the step before.
    own: ["collections_endpoint", "collections_token"],
  });
  const secrets = steps.map(({ output }) => output).join();
  expect(secrets).not.toContain("configuration");
});
