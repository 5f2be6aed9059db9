import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DocumentFormattingRequest,
} from "vscode-languageserver";
import type { Context } from "./context.ts";
import { settingsFile } from "./settings.ts";

const watched = [
  "**/*.workloops",
  "**/*.{yml,yaml,json,env,sh,service,container}",
  "**/.env*",
  "**/*Dockerfile*",
  "**/Procfile",
  `**/${settingsFile}`,
];

/** Registers what the client should tell, and the one thing that not every document gets. */
export async function register({ connection, traits }: Context): Promise<void> {
  const wanted = [
    traits.registersWatchers &&
      (() =>
        connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: watched.map((globPattern) => ({ globPattern })),
        })),
    traits.registersConfiguration &&
      (() =>
        connection.client.register(DidChangeConfigurationNotification.type, {
          section: "workloops",
        })),
    traits.registersFormatting &&
      (() =>
        connection.client.register(DocumentFormattingRequest.type, {
          documentSelector: [{ language: "workloops" }, { pattern: "**/*.workloops" }],
        })),
  ];
  for (const registration of wanted) {
    if (!registration) continue;
    try {
      await registration();
    } catch (error) {
      // The client said that it can, and cannot. Everything else still works.
      connection.console.warn(`The client refused a registration: ${String(error)}`);
    }
  }
}
