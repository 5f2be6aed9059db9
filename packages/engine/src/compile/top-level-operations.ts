import type { CallExpression, ExpressionStatement } from "acorn";
import type { Draft } from "./draft.ts";
import { hasDefaultExport, ownOperations } from "./ensure-exports.ts";
import { baseOperation } from "./promise-chains.ts";

/** Which operation stands where, for errors that come from inside an adaptor. */
export interface OperationPlace {
  readonly name?: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly order: number;
}

/**
 * Moves each top-level call into the array of operations, in source order. All other statements
 * run first, when the module is evaluated. Gives the place of each element of the array; an
 * element that the job wrote itself has none.
 */
export function topLevelOperations(draft: Draft): readonly (OperationPlace | null)[] {
  const { tree, edits, source } = draft;
  const own = ownOperations(tree.program);
  if (own === undefined && hasDefaultExport(tree.program)) return [];
  const places: (OperationPlace | null)[] = (own?.elements ?? []).map(() => null);
  const calls = tree.program.body.filter(isOperation);
  if (calls.length === 0) return places;
  const target = own?.end ?? source.length + 1;
  if (own !== undefined) {
    // Spread into an array of ours: the own one may end in a comma, a hole or a comment.
    edits.appendRight(own.start, "[...").appendLeft(own.end, ",").prependRight(own.end, "]");
  }
  for (const statement of calls) {
    const end = source[statement.end - 1] === ";" ? statement.end - 1 : statement.end;
    // The separator stays, so that the statements around it are not read as one.
    if (end === statement.end) edits.appendRight(end, ";");
    edits.prependRight(statement.start, "\n").appendLeft(end, ",");
    edits.move(statement.start, end, target);
    places.push(placeOf(statement.expression, places.length + 1));
  }
  return places;
}

type OperationStatement = ExpressionStatement & { expression: CallExpression };

function isOperation(statement: { type: string }): statement is OperationStatement {
  return (
    statement.type === "ExpressionStatement" &&
    (statement as ExpressionStatement).expression.type === "CallExpression"
  );
}

function placeOf(call: CallExpression, order: number): OperationPlace {
  const { callee } = baseOperation(call) ?? call;
  const line = call.loc?.start.line ?? 1;
  return callee.type === "Identifier" ? { name: callee.name, line, order } : { line, order };
}
