import type { Summary } from "@workloops/lsp/protocol";
import { type ExtensionContext, StatusBarAlignment, window } from "vscode";

export type ServerState = "starting" | "running" | "stopped";

export interface StatusItem {
  readonly state: (state: ServerState) => void;
  readonly summary: (summary: Summary) => void;
}

/** Shows what the active file's configurations come to, or that the server is not there. */
export function statusItem(context: ExtensionContext): StatusItem {
  const item = window.createStatusBarItem("workloops.status", StatusBarAlignment.Right, 90);
  item.name = "Workloops";
  let server: ServerState = "starting";
  // One entry an open document; dropped when the document holds no configuration any more.
  const summaries = new Map<string, Summary>();
  const update = () => {
    const active = window.activeTextEditor?.document.uri.toString();
    const summary = active === undefined ? undefined : summaries.get(active);
    const { text, tooltip, command } = appearance(server, summary);
    item.text = text;
    item.tooltip = tooltip;
    item.command = command;
    if (summary === undefined && server === "running") item.hide();
    else item.show();
  };
  context.subscriptions.push(item, window.onDidChangeActiveTextEditor(update));
  update();
  return {
    state: (state) => {
      server = state;
      if (state !== "running") summaries.clear();
      update();
    },
    summary: (summary) => {
      if (summary.configurations === 0) summaries.delete(summary.uri);
      else summaries.set(summary.uri, summary);
      update();
    },
  };
}

/** Words and command of the item. */
function appearance(server: ServerState, summary: Summary | undefined) {
  if (server === "starting") {
    return {
      text: "$(loading~spin) Workloops",
      tooltip: "The language server starts.",
      command: "workloops.showOutput",
    };
  }
  if (server === "stopped") {
    return {
      text: "$(error) Workloops stopped",
      tooltip: "The language server is not running. Click to start it again.",
      command: "workloops.restart",
    };
  }
  const slots = summary?.slots ?? null;
  return {
    text:
      slots === null
        ? "$(warning) Workloops"
        : `$(layers) ${slots} ${slots === 1 ? "slot" : "slots"}`,
    tooltip:
      slots === null
        ? "A configuration in this file cannot be run as it stands. Click to explain the one at the cursor."
        : "Runs that the configurations of this file allow at once. Click to explain the one at the cursor.",
    command: "workloops.explain",
  };
}
