import type { ExtensionContext } from "vscode";
import type { Session } from "./session.ts";

let session: Session | undefined;

/**
 * The one entry. Both sides stand in the same file, since most of it is the same; only the
 * side that runs is loaded.
 */
export async function activate(context: ExtensionContext): Promise<void> {
  const inBrowser = typeof importScripts === "function";
  const { start } = inBrowser ? await import("./web.ts") : await import("./desktop.ts");
  session = await start(context);
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
