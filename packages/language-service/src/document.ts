import { dotenv } from "./hosts/dotenv.ts";
import {
  type CommentSyntax,
  type Host,
  nothing,
  type Problem,
  type Reading,
  type Trap,
} from "./hosts/host.ts";
import { hosts } from "./hosts/hosts.ts";
import { values } from "./hosts/name-value.ts";
import type { Process } from "./process.ts";
import { fileOrigin, type Origin, type Region } from "./region.ts";

/** A text, the format that it is in, and the values found in it. */
export interface Document {
  readonly uri: string;
  readonly text: string;
  /** The format's name; undefined where no host claims the file. */
  readonly host: string | undefined;
  /** What begins a comment in this file. */
  readonly comment: CommentSyntax | undefined;
  /** Every workloops value that can be read here, in the order of the file. */
  readonly regions: readonly Region[];
  readonly processes: readonly Process[];
  readonly traps: readonly Trap[];
  readonly problems: readonly Problem[];
}

/** UTF-16 units. Nothing that people configure by hand is larger, and every host parser is linear in it. */
export const maxDocumentUnits = 4 * 1024 * 1024;

/** Words of which a file holds one if it holds a value or describes a worker. */
export const traceWords: readonly string[] = [
  "WORKER_",
  "workloops",
  "openfn",
  "ws-worker",
  "--queues",
  // What makes a process a worker may stand in other files alone.
  "include:",
  "env_file",
  "env-file",
  "envFrom",
  "EnvironmentFile",
];

/** Reads a text by the first host that claims it. Never throws on any text. */
export function openDocument(uri: string, text: string): Document {
  const host = hostOf(uri, text);
  const readable =
    text.length <= maxDocumentUnits &&
    (host?.id === "workloops" || traceWords.some((word) => text.includes(word)));
  const reading = host !== undefined && readable ? read(host, fileOrigin(uri, text), 0) : nothing;
  return {
    uri,
    text,
    host: host?.id,
    comment: host?.comment(uri),
    regions: regionsOf(uri, reading.processes),
    ...reading,
  };
}

/** A script may write a file that holds a script. */
const mostEmbedded = 3;

function read(host: Host, origin: Origin, depth: number): Reading {
  const own = readOne(host, origin);
  if (depth === mostEmbedded) return own;
  return own.embedded.reduce((sum, { path, origin: inner }): Reading => {
    if (inner.certainty === "opaque") return sum;
    const found = hostOf(path, inner.text) ?? (looksLikeEnv.test(inner.text) ? dotenv : undefined);
    if (found === undefined) return sum;
    const reading = read(found, inner, depth + 1);
    return {
      processes: [...sum.processes, ...reading.processes],
      traps: [...sum.traps, ...reading.traps],
      problems: [...sum.problems, ...reading.problems],
      embedded: [],
    };
  }, own);
}

function hostOf(path: string, text: string): Host | undefined {
  return hosts.find((host) => host.claims(path, text));
}

/** A file whose name says nothing is an env file where it looks like one. */
const looksLikeEnv = /^[ \t]*(?:export[ \t]+)?WORKER_\w+=/m;

function readOne(host: Host, origin: Origin): Reading {
  try {
    return host.read(origin);
  } catch (error) {
    // Deep nesting exhausts the stack of a recursive parser; there is nothing else it could mean.
    if (!(error instanceof RangeError)) throw error;
    const span = { start: origin.content.start, end: origin.content.start };
    return { ...nothing, problems: [{ span, message: "nested too deeply to be read" }] };
  }
}

/** Whether a file can be of a format that a host reads, by its path alone. Of those that are asked, most are YAML. */
export function mayHoldValue(path: string): boolean {
  return values.mayClaim(path) || hosts.some((host) => host.mayClaim(path));
}

/** A place that several processes share by an anchor is one region. */
function regionsOf(uri: string, processes: readonly Process[]): Region[] {
  const found = new Map<string, Region>();
  for (const process of processes) {
    for (const { option, value } of process.given) {
      if (value === undefined || value.uri !== uri || value.certainty === "opaque") continue;
      if (option !== "workloops") continue;
      const key = `${value.content.start}:${value.content.end}`;
      if (!found.has(key)) found.set(key, { ...value, process });
    }
  }
  return [...found.values()].sort((a, b) => a.content.start - b.content.start);
}

/** The region around an offset, its edges included. */
export function regionAt(document: Document, offset: number): Region | undefined {
  return document.regions.find(({ content }) => offset >= content.start && offset <= content.end);
}
