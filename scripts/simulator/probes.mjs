// Puts a probe at each condition and each effect of the worker's core and driver, so that a
// world can tell which branches it took, and a mutant can turn one of them over. The shipping
// sources are read and nothing else is changed in them.
//
// A condition is the test of an `if`, a loop or a ternary, each side of `&&` and `||`, every
// comparison and negation, what a predicate answers (`filter`, `some` …) and each `case`. What may
// be absent (`a?.b`, `a ?? b`) is a condition too: both that it is there and what stands in for it.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { parse } from "acorn";
import { fullAncestor } from "acorn-walk";
import { transform } from "esbuild";
import { root } from "../setup.mjs";
import { runtimes } from "./probe-runtime.mjs";

/** Snapshots are for people to read: they decide nothing. */
const isProbed = (path) =>
  /packages\/worker\/src\/(core\/.*|driver)\.ts$/.test(path) && !path.endsWith("/snapshot.ts");

const asItIs = (_, source) => source;

/**
 * An esbuild plugin, and the sites it found in what `change` makes of each source:
 * `{ id, key, kind, file, within, text, guardsThrow }`. `kind` is one of the runtimes.
 */
export function probes({ change = asItIs, kind }) {
  const sites = [];
  const plugin = {
    name: "probes",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const source = change(path, readFileSync(path, "utf8"));
        if (!isProbed(path)) return { contents: source, loader: "ts" };
        const { code } = await transform(source, { loader: "ts", target: "es2023" });
        return {
          contents: probe(code, relative(`${root}/packages/worker/src`, path), sites, kind),
        };
      });
    },
  };
  return { plugin, sites };
}

function probe(code, file, sites, runtime) {
  const tree = parse(code, { ecmaVersion: 2023, sourceType: "module" });
  /** Texts to put in, by offset. Where several begin at one place, the outer comes first. */
  const inserts = [];
  const put = (node, depth, before, after) => {
    inserts.push({ at: node.start, depth, text: before });
    inserts.push({ at: node.end, depth: -depth, text: after });
  };
  const found = new Set();
  const probed = new Set();
  const add = (kind, node, ancestors) => {
    if (found.has(node)) return;
    found.add(node);
    const id = sites.length;
    const text = code.slice(node.start, node.end).replace(/\s+/g, " ").slice(0, 120);
    const site = { id, kind, file, within: functionOf(ancestors), text };
    const key = nameOf(site, sites);
    sites.push({ ...site, guardsThrow: guardsThrow(node, ancestors), key });
    probed.add(node);
    put(node, ancestors.length, ...wrappers[kind](id));
  };
  fullAncestor(tree, (node, _, ancestors) => {
    for (const [kind, part] of partsOf(code, node)) {
      add(kind, part, part === node ? ancestors : [...ancestors, part]);
    }
    if (node.type === "SwitchStatement" && node.cases.some(({ test }) => probed.has(test))) {
      put(node.discriminant, ancestors.length + 1, "__switch(", ")");
    }
  });
  inserts.sort((a, b) => a.at - b.at || a.depth - b.depth);
  let text = "";
  let from = 0;
  for (const insert of inserts) {
    text += code.slice(from, insert.at) + insert.text;
    from = insert.at;
  }
  return runtimes[runtime] + text + code.slice(from);
}

const wrappers = {
  condition: (id) => [`__cond(${id}, `, ")"],
  absence: (id) => [`__absence(${id}, `, ")"],
  case: (id) => [`__case(${id}, `, ")"],
  effect: (id) => [`(__effect(${id}) && `, ")"],
  asked: (id) => [`(__effect(${id}) ? `, ` : "dropped")`],
};

const comparisons = new Set(["===", "!==", "<", "<=", ">", ">=", "in", "instanceof"]);
const predicates = new Set(["filter", "some", "every", "find", "findLast", "findIndex"]);

/** The parts of a node that a probe belongs to, each with the kind of it. */
function partsOf(code, node) {
  switch (node.type) {
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement":
    case "DoWhileStatement":
    case "ForStatement":
      return node.test ? [["condition", node.test]] : [];
    case "LogicalExpression": {
      const kind = node.operator === "??" ? "absence" : "condition";
      // An object that is written out is always true: the other side decides.
      return [node.left, node.right]
        .filter(({ type }) => type !== "ObjectExpression")
        .map((side) => [kind, side]);
    }
    case "BinaryExpression":
      return comparisons.has(node.operator) ? [["condition", node]] : [];
    case "UnaryExpression":
      return node.operator === "!" ? [["condition", node]] : [];
    case "MemberExpression":
      return node.optional ? [["absence", node.object]] : [];
    case "SwitchCase":
      return node.test ? [["case", node.test]] : [];
    case "CallExpression":
      return partsOfCall(code, node);
    default:
      return [];
  }
}

/** What the core wants done, what the connection tells the rest, and what the driver brings to the core. */
const effects = new Set(["turn.effects.push", "turn.notices.push", "log", "observe", "send"]);

function partsOfCall(code, node) {
  const callee = code.slice(node.callee.start, node.callee.end);
  if (effects.has(callee) || callee === "dispatch") return [["effect", node]];
  if (callee === "ask") return [["asked", node]];
  if (node.optional) return [["absence", node.callee]];
  const [predicate] = node.arguments;
  const isPredicate =
    predicates.has(node.callee.property?.name) &&
    predicate?.type === "ArrowFunctionExpression" &&
    predicate.body.type !== "BlockStatement";
  return isPredicate ? [["condition", predicate.body]] : [];
}

/** Whether all that this condition decides is whether a bug is thrown. */
function guardsThrow(node, ancestors) {
  const guard = ancestors.findLast(
    ({ type, test }) => type === "IfStatement" && test.start <= node.start && node.end <= test.end,
  );
  return onlyThrows(guard?.consequent) || onlyThrows(bodyOfCase(node, ancestors));
}

function onlyThrows(body) {
  if (body?.type === "ThrowStatement") return true;
  return (
    body?.type === "BlockStatement" && body.body.every(({ type }) => type === "ThrowStatement")
  );
}

/** What a `case` does, where it is one: its own first statement, or that of the next that has one. */
function bodyOfCase(test, ancestors) {
  const cases = ancestors.findLast(({ type }) => type === "SwitchStatement")?.cases ?? [];
  const place = cases.findIndex((each) => each.test === test);
  if (place < 0) return undefined;
  return cases.slice(place).find(({ consequent }) => consequent.length > 0)?.consequent[0];
}

/** What a mutant is called; a second one of the same text in the same function is counted. */
function nameOf({ kind, file, within, text }, sites) {
  const name = `${kind} ${file} ${within}: ${text}`;
  const same = sites.filter(({ key }) => key === name || key.startsWith(`${name} #`)).length;
  return same === 0 ? name : `${name} #${same + 1}`;
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
