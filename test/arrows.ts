/**
 * Who may import whom: the table of ARCHITECTURE.md as data. A room is a package, or a
 * folder or file inside one, named by its path below `packages/` without `src/`.
 * A missing arrow is added here and in ARCHITECTURE.md, on purpose.
 */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  parser: [],
  "language-service": ["parser"],
  lsp: ["language-service", "parser"],
  vscode: ["lsp"],
  engine: [],
  "local-lightning": [
    "worker/protocol",
    "local-lightning/queue.ts",
    "local-lightning/run-ledger.ts",
  ],
  // Each pure part is a file that is exported, and the folder of its name.
  "local-lightning/queue": ["local-lightning/queue.ts"],
  "local-lightning/run-ledger": [
    "worker/protocol",
    "local-lightning/queue.ts",
    "local-lightning/run-ledger.ts",
  ],
  simulator: [
    "worker/core",
    "worker/driver.ts",
    "worker/ports.ts",
    "worker/protocol",
    "local-lightning/queue.ts",
    "local-lightning/run-ledger.ts",
    "parser",
  ],
  cli: ["parser", "language-service", "worker", "engine", "local-lightning"],
  worker: [
    "worker/driver.ts",
    "worker/ports.ts",
    "worker/core",
    "worker/adapters",
    "worker/ops",
    "worker/protocol",
    "parser",
  ],
  "worker/driver.ts": ["worker/core", "worker/ports.ts", "worker/protocol"],
  "worker/ports.ts": ["worker/core", "worker/protocol"],
  // The engine's types say what a run is and what happens in it; no code of it is loaded.
  "worker/core": ["worker/protocol", "parser", "engine"],
  "worker/protocol": [],
  "worker/adapters": ["worker/ports.ts", "worker/core", "worker/protocol"],
  "worker/adapters/engine": ["worker/ports.ts", "worker/core", "worker/protocol", "engine"],
  "worker/ops": ["worker/core", "worker/ports.ts"],
};

/** What each package may import from npm and from Node; `node:*` is any module of Node's own. */
export const outside: Readonly<Record<string, readonly string[]>> = {
  parser: ["chevrotain"],
  "language-service": ["yaml", "unbash"],
  lsp: ["node:*", "vscode-languageserver", "vscode-languageserver-textdocument", "vscode-uri"],
  vscode: ["vscode", "vscode-languageclient"],
  engine: ["node:*", "@openfn/runtime", "acorn", "magic-string"],
  worker: [
    "node:*",
    "ws",
    "jose",
    "pino",
    "pino-pretty",
    "prom-client",
    "@openfn/lexicon",
    "@sentry/node",
  ],
  "worker/core": [],
  "worker/driver.ts": [],
  "worker/ports.ts": [],
  "worker/protocol": [],
  "local-lightning": ["node:*", "ws"],
  "local-lightning/queue": [],
  "local-lightning/run-ledger": [],
  simulator: ["node:*"],
  cli: ["node:*", "ignore", "yaml"],
};

/** Names that must not be used where the same events have to give the same effects. */
export const bannedInPureRooms: readonly string[] = [
  "Promise",
  "async",
  "await",
  "Date",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "performance",
  "console",
  "process.env",
  "process.on",
  "process.exit",
  "crypto",
  "Math.random",
];

export const pureRooms: readonly string[] = [
  "worker/core",
  "worker/protocol",
  "local-lightning/queue.ts",
  "local-lightning/queue",
  "local-lightning/run-ledger.ts",
  "local-lightning/run-ledger",
  "parser",
];
