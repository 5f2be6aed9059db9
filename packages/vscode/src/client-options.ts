import type { InitializationOptions } from "@workloops/lsp/protocol";
import type { LanguageClientOptions } from "vscode-languageclient";
import { ruleScheme } from "./rule-pages.ts";

const languages = [
  "workloops",
  "yaml",
  "dockercompose",
  "helm",
  "dotenv",
  "properties",
  "ini",
  "dockerfile",
  "shellscript",
  "json",
  "jsonc",
];
// Files that hold configurations and have no language of their own in VS Code.
const patterns = ["**/Procfile", "**/*.service", "**/*.container", "**/*.env", "**/.env*"];

/** Which documents the client sends, and what it asks of the server. */
export function clientOptions(): LanguageClientOptions {
  const initializationOptions: InitializationOptions = {
    summaries: true,
    clientFiles: true,
    ruleLink: `${ruleScheme}:/{code}.md`,
  };
  return {
    // No scheme: unsaved documents and virtual workspaces are served alike.
    documentSelector: [
      ...languages.map((language) => ({ language })),
      ...patterns.map((pattern) => ({ pattern })),
    ],
    initializationOptions,
  };
}
