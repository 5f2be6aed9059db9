import { slotsIn } from "@workloops/language-service";
import type { Context } from "./context.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import type { OpenDocument } from "./project.ts";
import { type Summary, summaryMethod } from "./protocol.ts";

export interface Publisher {
  /** Something changed: tell the client what it should know now. Calls in one turn are one round. */
  readonly soon: () => void;
  /** A document was closed: its diagnostics go away. */
  readonly closed: (uri: string) => void;
}

/** Pushes diagnostics and summaries of open documents, each only when it says something new. */
export function createPublisher(context: Context, defer: (work: () => void) => void): Publisher {
  const { connection, project, traits } = context;
  // What was told of each open document: the report's id and the version that it was told for.
  const told = new Map<string, { readonly id: string; readonly version: number }>();
  let state: "idle" | "planned" | "running" | "again" = "idle";
  const round = async () => {
    state = "running";
    try {
      for (const open of [...project.openDocuments()]) await tell(context, open, told);
    } catch (error) {
      connection.console.error(
        `Diagnostics failed: ${error instanceof Error ? error.stack : error}`,
      );
    }
    const again = (state as string) === "again";
    state = "idle";
    if (again) soon();
  };
  const soon = () => {
    if (state === "running") state = "again";
    if (state !== "idle") return;
    state = "planned";
    defer(() => void round());
  };
  return {
    soon,
    closed: (uri) => {
      told.delete(uri);
      if (!traits.pullsDiagnostics) void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
  };
}

async function tell(
  context: Context,
  { uri, version, live }: OpenDocument,
  told: Map<string, { readonly id: string; readonly version: number }>,
): Promise<void> {
  const { connection, traits, project, findings } = context;
  const { document } = live;
  const report = await findings(document);
  const before = told.get(uri);
  const stale = project.get(uri)?.live.document !== document;
  if (stale || (before?.id === report.id && before.version === version)) return;
  told.set(uri, { id: report.id, version });
  if (!traits.pullsDiagnostics) {
    const diagnostics = await diagnosticsOf(context, document, report);
    await connection.sendDiagnostics({ uri, version, diagnostics });
  }
  if (!traits.summaries) return;
  const slots = document.regions.map(({ text }) => slotsIn(text));
  const summary: Summary = {
    uri,
    configurations: slots.length,
    slots: slots.includes(undefined) ? null : slots.reduce<number>((sum, n) => sum + (n ?? 0), 0),
  };
  await connection.sendNotification(summaryMethod, summary);
}
