import { explainCommand } from "@workloops/lsp/protocol";
import { commands, EventEmitter, type ExtensionContext, Uri, window, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

const scheme = "workloops-explanation";
const page = Uri.from({ scheme, path: "/Explanation.md" });

/** A read-only page beside the editor that explains the configuration at the cursor. */
export function explanationPage(
  context: ExtensionContext,
  client: () => BaseLanguageClient,
): () => Promise<void> {
  let text = "";
  // A page without a cursor, as the walkthrough is one, may ask about the editor before it.
  let last = window.activeTextEditor;
  const changed = new EventEmitter<Uri>();
  context.subscriptions.push(
    changed,
    window.onDidChangeActiveTextEditor((editor) => {
      last = editor ?? last;
    }),
    workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: () => text,
    }),
  );
  return async () => {
    const editor = window.activeTextEditor ?? last;
    const answer =
      editor && (await explain(client(), editor.document.uri, editor.selection.active));
    if (!answer) {
      void window.showInformationMessage(
        "There is no workloops configuration at the cursor. Put the cursor inside one, then explain again.",
      );
      return;
    }
    text = answer;
    changed.fire(page);
    await commands.executeCommand("markdown.showPreviewToSide", page);
  };
}

function explain(
  client: BaseLanguageClient,
  uri: Uri,
  position: { line: number; character: number },
): Promise<string | null> {
  return client.sendRequest("workspace/executeCommand", {
    command: explainCommand,
    arguments: [
      {
        uri: client.code2ProtocolConverter.asUri(uri),
        position: { line: position.line, character: position.character },
      },
    ],
  });
}
