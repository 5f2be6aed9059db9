import type { Connection } from "vscode-languageserver";
import { canonicalUri, type Files } from "./files.ts";
import { findFilesMethod, listFolderMethod, readFileMethod } from "./protocol.ts";

/** Files that only the client can reach: in a browser, or in a virtual workspace. */
export function clientFiles(connection: Connection): Files {
  const ask = async <T>(method: string, uri: string, none: T): Promise<T> => {
    try {
      return ((await connection.sendRequest(method, { uri })) as T | null) ?? none;
    } catch {
      // A client that does not know the request, or a file that went away meanwhile.
      return none;
    }
  };
  return {
    read: (uri) => ask<string | undefined>(readFileMethod, uri, undefined),
    list: async (uri) =>
      (await ask<readonly string[]>(listFolderMethod, uri, [])).map(canonicalUri),
    find: async (uri, wanted) =>
      (await ask<readonly string[]>(findFilesMethod, uri, [])).map(canonicalUri).filter(wanted),
  };
}
