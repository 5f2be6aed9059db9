import {
  type FileParams,
  findFilesMethod,
  listFolderMethod,
  readFileMethod,
} from "@workloops/lsp/protocol";
import { FileType, RelativePattern, Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** A configuration file of a worker is a few kilobytes; a larger one is data, not read by hand. */
const maxFileBytes = 1024 * 1024;
/** What a root may hold before the search stops: the bound of the server's own file system walk. */
const maxFiles = 20_000;

/** Lets the server read through VS Code, which knows virtual workspaces and a browser's files. */
export function answerFileRequests(client: BaseLanguageClient): void {
  client.onRequest(readFileMethod, ({ uri }: FileParams) => readText(Uri.parse(uri)));
  client.onRequest(listFolderMethod, ({ uri }: FileParams) => listFolder(Uri.parse(uri)));
  client.onRequest(findFilesMethod, ({ uri }: FileParams) => findFiles(Uri.parse(uri)));
}

async function readText(uri: Uri): Promise<string | null> {
  try {
    if ((await workspace.fs.stat(uri)).size > maxFileBytes) return null;
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await workspace.fs.readFile(uri));
  } catch {
    // No such file, or none that may be read: to the server both are "no text here".
    return null;
  }
}

async function listFolder(uri: Uri): Promise<string[]> {
  const folder = Uri.joinPath(uri, "..");
  try {
    const entries = await workspace.fs.readDirectory(folder);
    return entries
      .filter(([, type]) => (type & FileType.File) !== 0)
      .map(([name]) => Uri.joinPath(folder, name).toString());
  } catch {
    return [];
  }
}

async function findFiles(root: Uri): Promise<string[]> {
  const pattern = new RelativePattern(root, "**/*");
  const found = await workspace.findFiles(pattern, "**/{node_modules,.git}/**", maxFiles);
  return found.map((uri) => uri.toString());
}
