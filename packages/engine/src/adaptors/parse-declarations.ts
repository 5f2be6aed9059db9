/** What one declaration file exports. */
export interface Declarations {
  readonly names: readonly string[];
  /** The modules of `export * from "…"`. */
  readonly reexports: readonly string[];
}

/**
 * Reads the exported values of a `.d.ts` text without a TypeScript compiler: declarations with
 * `export`, export lists and re-exports. Types and interfaces have no value and are left out.
 */
export function parseDeclarations(text: string): Declarations {
  const code = outermost(text);
  const names: string[] = [];
  const declaration =
    /\bexport\s+(?:declare\s+)?(?:async\s+)?(?:abstract\s+)?(?:function\s*\*?|const\s+enum|const|let|var|class|enum|namespace|module)\s+([A-Za-z_$][\w$]*)/g;
  for (const [, name = ""] of code.matchAll(declaration)) names.push(name);
  for (const [, name = ""] of code.matchAll(/\bexport\s*\*\s*as\s+([A-Za-z_$][\w$]*)/g))
    names.push(name);
  for (const [, list = ""] of code.matchAll(/\bexport\s*\{([^}]*)\}/g)) {
    for (const item of list.split(",")) {
      const words = item.trim().split(/\s+/);
      const name = words.at(-1);
      if (name !== undefined && name !== "" && words[0] !== "type") names.push(name);
    }
  }
  const reexports = [...code.matchAll(/\bexport\s*\*\s*from\s*["']([^"']+)["']/g)].map(
    ([, from = ""]) => from,
  );
  return { names, reexports };
}

/** The text without comments and without what stands in braces, the lists of exports excepted. */
function outermost(text: string): string {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, " ");
  let out = "";
  let depth = 0;
  for (let i = 0; i < bare.length; i += 1) {
    const character = bare[i];
    if (character === "{") {
      if (depth === 0 && /\bexport\s*$/.test(out.slice(-20))) {
        const end = bare.indexOf("}", i);
        if (end < 0) break;
        out += bare.slice(i, end + 1);
        i = end;
        continue;
      }
      depth += 1;
    } else if (character === "}") {
      depth = Math.max(0, depth - 1);
      if (depth === 0) out += " ";
    } else if (depth === 0) {
      out += character;
    }
  }
  return out;
}
