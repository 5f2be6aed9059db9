import { type RulePageParams, rulePageMethod } from "@workloops/lsp/protocol";
import { type ExtensionContext, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";

/** Of the addresses that diagnostics link to: the pages come with the server, not from the network. */
export const ruleScheme = "workloops-rule";

/** Shows a rule's page where its code is clicked. */
export function rulePages(context: ExtensionContext, client: () => BaseLanguageClient): void {
  context.subscriptions.push(
    workspace.registerTextDocumentContentProvider(ruleScheme, {
      provideTextDocumentContent: async ({ path }) => {
        const params: RulePageParams = { code: path.replace(/^\/|\.md$/g, "") };
        const page: string | null = await client().sendRequest(rulePageMethod, params);
        return page ?? `There is no rule ${params.code}.`;
      },
    }),
  );
}
