import type { ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { clientOptions } from "./client-options.ts";
import { type Session, startSession } from "./session.ts";

let session: Session | undefined;

/** The desktop's entry: the server is a child process of the extension host. */
export async function activate(context: ExtensionContext): Promise<void> {
  const module = context.asAbsolutePath("dist/bundle/server.cjs");
  session = await startSession(
    context,
    () =>
      new LanguageClient(
        "workloops",
        "Workloops",
        {
          run: { module, transport: TransportKind.ipc },
          debug: {
            module,
            transport: TransportKind.ipc,
            options: { execArgv: ["--inspect=6009"] },
          },
        },
        clientOptions(),
      ),
  );
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}
