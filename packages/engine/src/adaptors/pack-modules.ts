import { readFileSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { extname, relative } from "node:path";
import { type AnyNode, parse, type Token, tokTypes } from "acorn";
import { syntaxTree } from "../compile/syntax-tree.ts";
import { declaredNames } from "./declared-names.ts";
import { encodePack, importName, type PackedModule } from "./pack-format.ts";
import { entryOf, type InstalledPackage, isCommonJs } from "./package-root.ts";

/** More files than any adaptor has that we know; past it the adaptor is loaded file by file. */
const maxModules = 5_000;

/**
 * Puts an adaptor and everything that it requires or imports by a fixed name into one pack.
 * Nothing of it is run. `undefined` where a module of it would not be the same there: an ES
 * module, or one that does not parse.
 */
export function packModules(found: InstalledPackage): Buffer | undefined {
  const { root } = found;
  const indexes = new Map<string, number>();
  const paths: string[] = [];
  const indexOf = (path: string): number => {
    const known = indexes.get(path);
    if (known !== undefined) return known;
    indexes.set(path, paths.push(path) - 1);
    return paths.length - 1;
  };
  indexOf(entryOf(found, "require"));
  const modules: PackedModule[] = [];
  const functions: string[] = [];
  for (let i = 0; i < paths.length; i += 1) {
    const path = paths[i] ?? "";
    const packed = packModule(path);
    if (packed === undefined || i >= maxModules) return undefined;
    const { size, mtimeMs } = statSync(path);
    const requires: Record<string, number> = {};
    for (const [name, target] of packed.requires) requires[name] = indexOf(target);
    modules.push({ path: relative(root, path), size, mtimeMs: Math.trunc(mtimeMs), requires });
    functions.push(
      `function(exports,require,module,__filename,__dirname,${importName}){${packed.code}\n}`,
    );
  }
  const names = declaredNames(found);
  return encodePack(
    { modules, ...(names && { names }) },
    Buffer.from(`[${functions.join(",\n")}]`),
  );
}

interface Packed {
  readonly code: string;
  readonly requires: ReadonlyMap<string, string>;
}

function packModule(path: string): Packed | undefined {
  const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  if (extname(path) === ".json")
    return {
      code: `module.exports=JSON.parse(${asciiLiteral(JSON.stringify(text))})`,
      requires: new Map(),
    };
  return isCommonJs(path) ? packScript(text, path) : undefined;
}

function packScript(text: string, path: string): Packed | undefined {
  const tokens: Token[] = [];
  const tree = treeOf(text, tokens);
  if (tree === undefined) return undefined;
  const requires = new Map<string, string>();
  const names = (argument: AnyNode | undefined): void => {
    if (argument?.type !== "Literal" || typeof argument.value !== "string") return;
    const target = resolved(argument.value, path);
    if (target !== undefined) requires.set(argument.value, target);
  };
  const imports = new Set<number>();
  for (const node of tree.nodes) {
    if (node.type === "ImportExpression") {
      imports.add(node.start);
      names(node.source);
    } else if (node.type === "CallExpression" && node.callee.type === "Identifier") {
      if (node.callee.name === "require") names(node.arguments[0]);
    }
  }
  return { code: shortened(text, tokens, imports), requires };
}

function treeOf(text: string, onToken: Token[]) {
  try {
    return syntaxTree(
      parse(text, {
        ecmaVersion: "latest",
        sourceType: "script",
        allowReturnOutsideFunction: true,
        allowHashBang: true,
        onToken,
      }),
    );
  } catch {
    return undefined;
  }
}

/** The same tokens with less between them; a line break stays one, since it can end a statement. */
function shortened(text: string, tokens: readonly Token[], imports: ReadonlySet<number>): string {
  let code = "";
  let at = 0;
  for (const { start, end, type } of tokens) {
    const between = text.slice(at, start);
    if (between !== "") code += /[\n\r\u2028\u2029]/.test(between) ? "\n" : " ";
    if (imports.has(start)) code += importName;
    else
      code +=
        type === tokTypes.string ? asciiLiteral(text.slice(start, end)) : text.slice(start, end);
    at = end;
  }
  return code;
}

/** One character beyond Latin-1 would double the memory of the whole text. */
function asciiLiteral(raw: string): string {
  if (/\\[^\0-\x7f]/.test(raw)) return raw;
  return raw.replace(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The file behind a name; `undefined` for Node's own modules, native ones and what is not there. */
function resolved(name: string, from: string): string | undefined {
  if (isBuiltin(name)) return undefined;
  try {
    const path = createRequire(from).resolve(name);
    return path.endsWith(".node") ? undefined : path;
  } catch {
    return undefined;
  }
}
