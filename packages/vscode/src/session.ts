import {
  fixWorkspaceCommand,
  migrateCommand,
  type Summary,
  summaryMethod,
} from "@workloops/lsp/protocol";
import { commands, type ExtensionContext, window } from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import { answerFileRequests } from "./client-files.ts";
import { explanationPage } from "./explanation.ts";
import { rulePages } from "./rule-pages.ts";
import { openSample } from "./sample.ts";
import { type StatusItem, statusItem } from "./status-item.ts";

export interface Session {
  readonly stop: () => Promise<void>;
}

/** The client of one activation, and the commands that go with it. */
export async function startSession(
  context: ExtensionContext,
  createClient: () => BaseLanguageClient | Promise<BaseLanguageClient>,
): Promise<Session> {
  const status = statusItem(context);
  let current: BaseLanguageClient;
  const start = async () => {
    status.state("starting");
    current = await createClient();
    watch(current, status);
    answerFileRequests(current);
    await current.start();
  };
  registerCommands(
    context,
    () => current,
    async () => {
      await current.dispose();
      await start();
    },
  );
  rulePages(context, () => current);
  await start();
  return { stop: () => current.dispose() };
}

function watch(client: BaseLanguageClient, status: StatusItem): void {
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) status.state("running");
    else status.state(newState === State.Stopped ? "stopped" : "starting");
  });
  client.onNotification(summaryMethod, (summary: Summary) => status.summary(summary));
}

function registerCommands(
  context: ExtensionContext,
  client: () => BaseLanguageClient,
  restart: () => Promise<void>,
): void {
  const ask = (command: string, argument?: unknown) =>
    client().sendRequest("workspace/executeCommand", {
      command,
      arguments: argument === undefined ? [] : [argument],
    });
  const handlers: Readonly<Record<string, () => unknown>> = {
    "workloops.explain": explanationPage(context, client),
    "workloops.migrate": async () => {
      const document = window.activeTextEditor?.document;
      if (document === undefined) {
        void window.showInformationMessage("Open the file to migrate, then run this again.");
        return;
      }
      const changed = await ask(migrateCommand, {
        uri: client().code2ProtocolConverter.asUri(document.uri),
      });
      if (changed === 0) void window.showInformationMessage("Nothing here needs to be migrated.");
    },
    "workloops.fixAllInWorkspace": async () => {
      const changed = await ask(fixWorkspaceCommand);
      void window.showInformationMessage(
        changed === 1 ? "Fixed 1 file." : `Fixed ${String(changed)} files.`,
      );
    },
    "workloops.openSample": openSample,
    "workloops.restart": restart,
    "workloops.showOutput": () => client().outputChannel.show(),
  };
  for (const [name, handler] of Object.entries(handlers)) {
    context.subscriptions.push(commands.registerCommand(name, handler));
  }
}
