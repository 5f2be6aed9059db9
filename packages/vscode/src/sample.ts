import { Selection, Uri, WorkspaceEdit, window, workspace } from "vscode";

/** A worker whose configuration misses a colon: the first thing to see is a repair. */
const sampleText = `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    environment:
      WORKER_LIGHTNING_SERVICE_URL: wss://lightning.example.org/worker
      WORKER_WORKLOOPS: "fast_lane:1 manual>*4"
    stop_grace_period: 6m
    deploy:
      resources:
        limits:
          memory: 4g
`;

/** Opens the sample as an unsaved compose file, so that nothing of the workspace changes. */
export async function openSample(): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse("untitled:sample.compose.yaml"));
  if (document.getText() === "") {
    const edit = new WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(0), sampleText);
    await workspace.applyEdit(edit);
  }
  const editor = await window.showTextDocument(document);
  const at = document.positionAt(document.getText().indexOf("manual>*4"));
  editor.selection = new Selection(at, at);
}
