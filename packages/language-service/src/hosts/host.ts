import type { Span } from "@workloops/parser";
import type { Process } from "../process.ts";
import type { Edit, Origin } from "../region.ts";

/** A part of a host document that its reader cannot understand; the rest is read all the same. */
export interface Problem {
  readonly span: Span;
  readonly message: string;
}

/** Something in the host's own syntax that changes what the process receives. */
export interface Trap {
  readonly code: TrapCode;
  readonly span: Span;
  /** What the reader of this file makes of it, as a clause: `YAML reads …`. */
  readonly reads: string;
  /** Writes it so that the reader gets what was meant. */
  readonly fix: { readonly title: string; readonly edits: readonly Edit[] } | undefined;
}

export type TrapCode =
  | "shell-unquoted"
  | "yaml-alias"
  | "yaml-comment-cuts"
  | "yaml-not-a-string"
  | "env-file-quotes"
  | "systemd-unquoted"
  | "dockerfile-unquoted";

/** A text in another format that stands inside a document: what a here-document writes to a file. */
export interface Embedded {
  /** Names the format, as a file's path does. */
  readonly path: string;
  readonly origin: Origin;
}

/** What a host finds in one text. Every span is one of the file. */
export interface Reading {
  readonly processes: readonly Process[];
  readonly traps: readonly Trap[];
  /** What its reader could not understand. */
  readonly problems: readonly Problem[];
  readonly embedded: readonly Embedded[];
}

/** How a comment is written in a format. */
export interface CommentSyntax {
  readonly sign: "#" | "//";
  /** Whether it may stand behind something on its line. */
  readonly trails: boolean;
}

/** What begins a comment in shells, YAML and env files. */
export const hash: CommentSyntax = { sign: "#", trails: true };
/** In Dockerfiles and units a comment is a line. */
export const hashLine: CommentSyntax = { sign: "#", trails: false };

/** One file format. It finds values and knows nothing of what they mean. */
export interface Host {
  readonly id: string;
  /** How a comment is written in a file of this path; undefined where there is none. */
  readonly comment: (path: string) => CommentSyntax | undefined;
  /** Whether a file can be of this format, by its path alone. */
  readonly mayClaim: (path: string) => boolean;
  /** Whether a file is of this format, by its path and, where formats share an extension, its text. */
  readonly claims: (path: string, text: string) => boolean;
  readonly read: (origin: Origin) => Reading;
}

export const nothing: Reading = { processes: [], traps: [], problems: [], embedded: [] };

/** The last part of a path or URI. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
