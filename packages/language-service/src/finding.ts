import type { Meaning, Severity, Span } from "@workloops/parser";
import type { Edit } from "./region.ts";

/** A change of one file that ends a finding. Offsets are those of the file; edits do not overlap. */
export interface FileFix {
  readonly title: string;
  /** Whether the processes receive what was meant already (`keeps`) or something else (`changes`). */
  readonly meaning: Meaning;
  readonly uri: string;
  readonly edits: readonly Edit[];
}

/** Another place, perhaps in another file, that belongs to a finding. */
export interface RelatedPlace {
  readonly uri: string;
  readonly span: Span;
  readonly message: string;
}

/** A problem at a place of a file. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly uri: string;
  readonly span: Span;
  readonly related: readonly RelatedPlace[];
  /** Plain JSON; the rule's page names its fields. */
  readonly data: object;
  readonly fixes: readonly FileFix[];
}

/** What a repository says about its workers. All sizes in MB are counted in 1024 x 1024 bytes. */
export interface Settings {
  /** Names of queues known beside the server's own. */
  readonly queues?: readonly string[];
  /** Severity by code, or `off`. */
  readonly severities?: Readonly<Record<string, Severity | "off">>;
  /** Memory that one run may take where no file says so. */
  readonly runMemoryMb?: number;
  /** Memory of the worker itself, without its runs. */
  readonly overheadMb?: number;
  /** How many times the memory limit may be promised to runs. */
  readonly overcommit?: number;
  /** Queues that workers outside of these files take. */
  readonly servedElsewhere?: readonly string[];
}
