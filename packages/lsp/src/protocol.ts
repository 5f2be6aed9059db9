/**
 * What this server and its own client say to each other beyond LSP. Another client meets
 * none of it: the server uses these only when `initializationOptions` asks for them.
 */
export interface InitializationOptions {
  /** The client answers `readFile`, `listFolder` and `findFiles`, for files that the server cannot reach. */
  readonly clientFiles?: boolean;
  /** The address of a rule's page, with `{code}` where the rule's name goes; diagnostics link to it. */
  readonly ruleLink?: string;
  /** The client wants `summary` after each round of diagnostics. */
  readonly summaries?: boolean;
}

/** Server to client, a notification: what one document's configurations come to. */
export const summaryMethod = "workloops/summary";

export interface Summary {
  readonly uri: string;
  /** How many configurations the document holds. */
  readonly configurations: number;
  /** Their slots together; null where one of them cannot be run or known. */
  readonly slots: number | null;
}

/** Server to client, a request: `FileParams` in, the text or null out. */
export const readFileMethod = "workloops/readFile";
/** Server to client, a request: `FileParams` of any file in, the URIs of the files beside it out. */
export const listFolderMethod = "workloops/listFolder";
/** Server to client, a request: `FileParams` of a root in, the URIs of the files below it out. */
export const findFilesMethod = "workloops/findFiles";

export interface FileParams {
  readonly uri: string;
}

/** `workspace/executeCommand`, `[{ uri, position }]` in, markdown or null out. */
export const explainCommand = "workloops.server.explain";
/** `workspace/executeCommand`, `[{ uri }]` in; the server applies the edit through the client. */
export const migrateCommand = "workloops.server.migrate";
/** `workspace/executeCommand`, nothing in, the number of changed files out; the server applies the edit. */
export const fixWorkspaceCommand = "workloops.server.fixAllInWorkspace";

/** Client to server, a request: `RulePageParams` in, the rule's page as Markdown or null out. */
export const rulePageMethod = "workloops/rulePage";

export interface RulePageParams {
  readonly code: string;
}

/** Client to server, a request: `FileParams` in, `TextResult` or null out. For tests of synchronisation. */
export const textMethod = "workloops/text";

export interface TextResult {
  readonly version: number;
  readonly text: string;
}
