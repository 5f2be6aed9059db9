import type { ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { clientOptions } from "./client-options.ts";
import { type Session, startSession } from "./session.ts";

/** On the desktop the server is a child process of the extension host. */
export function start(context: ExtensionContext): Promise<Session> {
  const run = {
    module: context.asAbsolutePath("dist/bundle/server.cjs"),
    transport: TransportKind.ipc,
  };
  const debug = { ...run, options: { execArgv: ["--inspect=6009"] } };
  return startSession(
    context,
    () => new LanguageClient("workloops", "Workloops", { run, debug }, clientOptions()),
  );
}
