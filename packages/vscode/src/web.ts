/// <reference lib="webworker" />
import { type ExtensionContext, Uri, workspace } from "vscode";
import { LanguageClient } from "vscode-languageclient/browser";
import { clientOptions } from "./client-options.ts";
import { type Session, startSession } from "./session.ts";

/** In a browser the server is a web worker, and reads files through the client. */
export async function start(context: ExtensionContext): Promise<Session> {
  const script = Uri.joinPath(context.extensionUri, "dist/bundle/server.cjs");
  let running: Running | undefined;
  const session = await startSession(context, async () => {
    running?.stop();
    running = await startWorker(script);
    return new LanguageClient("workloops", "Workloops", running.worker, clientOptions());
  });
  return {
    stop: async () => {
      await session.stop();
      running?.stop();
    },
  };
}

interface Running {
  readonly worker: Worker;
  readonly stop: () => void;
}

// The web extension host refuses a worker from the extension's own address: it has another
// origin. A blob has the host's origin. The host loads it some time later, so its address
// must live as long as the worker.
async function startWorker(script: Uri): Promise<Running> {
  const source = await workspace.fs.readFile(script);
  const blob = new Blob([Uint8Array.from(source)], { type: "text/javascript" });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { name: "workloops" });
  return {
    worker,
    stop: () => {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}
