import type MagicString from "magic-string";
import type { Scopes } from "./scopes.ts";
import type { SyntaxTree } from "./syntax-tree.ts";

/** What each transform of a job reads and writes: one tree, and edits of its text. */
export interface Draft {
  /** The user's text; the text under edit is one line feed longer. */
  readonly source: string;
  readonly tree: SyntaxTree;
  readonly scopes: Scopes;
  readonly edits: MagicString;
}
