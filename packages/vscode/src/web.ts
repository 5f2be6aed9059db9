/// <reference lib="webworker" />
import { type ExtensionContext, Uri, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";
import { clientOptions } from "./client-options.ts";
import { type Session, startSession } from "./session.ts";

/** In a browser the server is a web worker, and reads files through the client. */
export async function start(context: ExtensionContext): Promise<Session> {
  let worker: Worker | undefined;
  const session = await startSession(context, async () => {
    worker?.terminate();
    worker = await startWorker(Uri.joinPath(context.extensionUri, "dist/bundle/server.cjs"));
    return new LanguageClient("workloops", "Workloops", worker, clientOptions());
  });
  return {
    stop: async () => {
      await session.stop();
      worker?.terminate();
    },
  };
}

// The web extension host refuses a worker from the extension's own address: it has another
// origin. A blob has the host's origin.
async function startWorker(script: Uri): Promise<Worker> {
  const source = await workspace.fs.readFile(script);
  const blob = new Blob([Uint8Array.from(source)], { type: "text/javascript" });
  const address = URL.createObjectURL(blob);
  try {
    return new Worker(address, { name: "workloops" });
  } finally {
    URL.revokeObjectURL(address);
  }
}
