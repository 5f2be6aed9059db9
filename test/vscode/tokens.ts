// Tokenizes as VS Code does: vscode-textmate with our grammars injected into the hosts'.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import onig from "vscode-oniguruma";
import textmate from "vscode-textmate";

const require = createRequire(import.meta.url);
const extension = join(import.meta.dirname, "../../packages/vscode");
export const manifest = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));

interface GrammarRow {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}
const rows: readonly GrammarRow[] = manifest.contributes.grammars;

// Our names for the grammars of VS Code's own extensions, as `tm-grammars` files them.
const hostFiles: Readonly<Record<string, string>> = {
  "source.yaml": "yaml",
  "source.dockerfile": "docker",
  "source.dotenv": "dotenv",
  "source.shell": "shellscript",
  "source.json": "json",
  "source.systemd": "systemd",
  "source.ini": "ini",
};

function rawGrammar(scopeName: string): textmate.IRawGrammar | null {
  const own = rows.find((row) => row.scopeName === scopeName);
  const path = own
    ? join(extension, own.path)
    : hostFiles[scopeName] && require.resolve(`tm-grammars/grammars/${hostFiles[scopeName]}.json`);
  return path ? textmate.parseRawGrammar(readFileSync(path, "utf8"), "grammar.json") : null;
}

async function loadOniguruma() {
  const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await onig.loadWASM(wasm);
  return {
    createOnigScanner: (patterns: string[]) => new onig.OnigScanner(patterns),
    createOnigString: (text: string) => new onig.OnigString(text),
  };
}
const oniguruma = loadOniguruma();

function registry(injected: boolean) {
  return new textmate.Registry({
    onigLib: oniguruma,
    loadGrammar: async (scopeName) => rawGrammar(scopeName),
    getInjections: (scopeName) =>
      injected
        ? rows.filter((row) => row.injectTo?.includes(scopeName)).map((row) => row.scopeName)
        : [],
  });
}
// One registry a grammar: what another test loaded must not help this one.
const registries = new Map<string, textmate.Registry>();
function registryFor(scopeName: string, injected: boolean): textmate.Registry {
  const key = `${scopeName} ${injected}`;
  const found = registries.get(key) ?? registry(injected);
  registries.set(key, found);
  return found;
}

export interface Token {
  readonly line: number;
  readonly text: string;
  readonly scopes: readonly string[];
}

/** The tokens of a text, line by line, with or without our injections. */
export async function tokenize(
  scopeName: string,
  text: string,
  which: "injected" | "plain" = "injected",
): Promise<Token[]> {
  const grammar = await registryFor(scopeName, which === "injected").loadGrammar(scopeName);
  if (!grammar) throw new Error(`There is no grammar for ${scopeName}.`);
  const found: Token[] = [];
  let stack = textmate.INITIAL;
  for (const [line, content] of text.split("\n").entries()) {
    const { tokens, ruleStack } = grammar.tokenizeLine(content, stack);
    stack = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      found.push({ line, text: content.slice(startIndex, endIndex), scopes });
    }
  }
  return found;
}
