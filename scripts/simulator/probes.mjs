// Puts a probe at each condition and each effect of the worker's core and driver, so that a
// world can tell which branches it took, and a mutant can turn one of them over. The shipping
// sources are read and nothing else is changed in them.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import { transform } from "esbuild";
import { root } from "../setup.mjs";

/** What runs inside the bundle; `active` is the probe that is turned over, or -1. */
export const runtime = `
const __probes = globalThis.__probes ??= { active: -1, yes: new Uint32Array(8192), no: new Uint32Array(8192) };
function __cond(id, value) {
  if (value) __probes.yes[id]++; else __probes.no[id]++;
  return id === __probes.active ? !value : value;
}
function __effect(id) {
  __probes.yes[id]++;
  return id !== __probes.active;
}
`;

/** Snapshots are for people to read: they decide nothing. */
const isProbed = (path) =>
  /packages\/worker\/src\/(core\/.*|driver)\.ts$/.test(path) && !path.endsWith("/snapshot.ts");

/** An esbuild plugin, and the sites it found: `{ id, kind, file, within, text, guardsThrow }`. */
export function probes() {
  const sites = [];
  const plugin = {
    name: "probes",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!isProbed(path)) return undefined;
        const source = readFileSync(path, "utf8");
        const { code } = await transform(source, { loader: "ts", target: "es2023" });
        return { contents: probe(code, relative(`${root}/packages/worker/src`, path), sites) };
      });
    },
  };
  return { plugin, sites };
}

function probe(code, file, sites) {
  const tree = parse(code, { ecmaVersion: 2023, sourceType: "module" });
  /** Texts to put in, by offset. Where several begin at one place, the outer comes first. */
  const inserts = [];
  const found = new Set();
  const add = (kind, node, ancestors, before, after, guardsThrow = false) => {
    if (found.has(node)) return;
    found.add(node);
    const id = { value: -1 };
    inserts.push({ at: node.start, depth: ancestors.length, text: () => before(id.value) });
    inserts.push({ at: node.end, depth: -ancestors.length, text: () => after });
    const text = code.slice(node.start, node.end).replace(/\s+/g, " ").slice(0, 120);
    sites.push({ hold: id, kind, file, within: functionOf(ancestors), text, guardsThrow });
  };
  const condition = (node, ancestors, guardsThrow) =>
    add("condition", node, ancestors, (id) => `__cond(${id}, `, ")", guardsThrow);
  fullAncestor(tree, (node, _, ancestors) => {
    const within = [...ancestors];
    if (node.type === "IfStatement" || node.type === "ConditionalExpression") {
      condition(node.test, [...within, node.test], onlyThrows(node.consequent));
    } else if (node.type === "LogicalExpression" && node.operator !== "??") {
      const guards = onlyThrows(within.findLast((n) => n.type === "IfStatement")?.consequent);
      for (const side of [node.left, node.right]) condition(side, [...within, side], guards);
    } else if (isEffect(code, node)) {
      add("effect", node, within, (id) => `(__effect(${id}) && `, ")");
    }
  });
  for (const site of sites) {
    if (site.hold === undefined) continue;
    const id = sites.indexOf(site);
    site.hold.value = id;
    delete site.hold;
    site.id = id;
    const same = sites.filter(
      (s) => s.key?.startsWith(keyOf(s)) && keyOf(s) === keyOf(site),
    ).length;
    site.key = same === 0 ? keyOf(site) : `${keyOf(site)} #${same + 1}`;
  }
  inserts.sort((a, b) => a.at - b.at || a.depth - b.depth);
  let text = "";
  let from = 0;
  for (const insert of inserts) {
    text += code.slice(from, insert.at) + insert.text();
    from = insert.at;
  }
  return runtime + text + code.slice(from);
}

const keyOf = ({ file, within, text, kind }) => `${kind} ${file} ${within}: ${text}`;

function onlyThrows(node) {
  if (node?.type === "ThrowStatement") return true;
  return node?.type === "BlockStatement" && node.body.every((s) => s.type === "ThrowStatement");
}

/** Whatever the core wants done, and each happening that the driver brings to it. */
function isEffect(code, node) {
  if (node.type !== "CallExpression") return false;
  const callee = code.slice(node.callee.start, node.callee.end);
  return callee === "turn.effects.push" || callee === "turn.notices.push";
}

function functionOf(ancestors) {
  const names = ancestors.flatMap((node) => {
    if (node.type === "FunctionDeclaration") return [node.id.name];
    if (node.type === "VariableDeclarator" && node.init?.type === "ArrowFunctionExpression") {
      return [node.id.name];
    }
    return [];
  });
  return names.join(".") || "module";
}
