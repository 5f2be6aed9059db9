import {
  type Edit,
  explainPage,
  type FileEdits,
  fixAll,
  migrate,
} from "@workloops/language-service";
import type { WorkDoneProgressReporter } from "vscode-languageserver";
import { type Context, places, sizes, workspaceEdit } from "./context.ts";
import { cancellation, refusal } from "./diagnostics.ts";
import { explainCommand, fixWorkspaceCommand, migrateCommand } from "./protocol.ts";

/** `workspace/executeCommand` (LSP 3.17). Arguments come from outside and may be anything. */
export function answerCommands(context: Context): void {
  const { connection } = context;
  connection.onExecuteCommand(async ({ command, arguments: given }, token, progress) => {
    const [argument] = given ?? [];
    if (command === explainCommand) return explain(context, argument);
    if (command === migrateCommand) return migrateFile(context, argument);
    if (command === fixWorkspaceCommand) {
      return fixWorkspace(context, progress, () => token.isCancellationRequested);
    }
    return refusal(`There is no command ${JSON.stringify(command)}.`);
  });
}

function uriIn(argument: unknown): string | undefined {
  if (typeof argument !== "object" || argument === null || !("uri" in argument)) return undefined;
  return typeof argument.uri === "string" ? argument.uri : undefined;
}

async function explain(context: Context, argument: unknown): Promise<string | null> {
  const uri = uriIn(argument);
  const document = uri === undefined ? undefined : await context.project.find(uri);
  if (document === undefined) return null;
  const known = await context.settings.of(document.uri);
  const { queues } = known;
  const offset = places(context, document).offset(positionIn(argument));
  const page = explainPage(document, offset, { ...sizes(known), ...(queues && { queues }) });
  return page ?? null;
}

function positionIn(argument: unknown): { line: number; character: number } {
  const found = (argument as { position?: { line?: unknown; character?: unknown } }).position;
  const whole = (value: unknown) => (Number.isInteger(value) ? Number(value) : 0);
  return { line: whole(found?.line), character: whole(found?.character) };
}

async function migrateFile(context: Context, argument: unknown): Promise<number> {
  const uri = uriIn(argument);
  const document = uri === undefined ? undefined : await context.project.find(uri);
  if (document === undefined) return 0;
  const report = await context.findings(document);
  return apply(context, "Migrate to workloops", migrate(document, report.findings));
}

async function fixWorkspace(
  context: Context,
  progress: WorkDoneProgressReporter,
  cancelled: () => boolean,
): Promise<number> {
  progress.begin("Fix all workloops problems", 0, undefined, true);
  try {
    const documents = await context.project.all(cancelled);
    const edits = new Map<string, readonly Edit[]>();
    for (const [at, document] of documents.entries()) {
      if (cancelled()) throw cancellation();
      progress.report(Math.floor((100 * at) / documents.length));
      const report = await context.findings(document);
      // Each file's own findings fix that file: a fix elsewhere is found there too.
      const own = fixAll(report.findings).get(document.uri);
      if (own !== undefined && own.length > 0) edits.set(document.uri, own);
    }
    return await apply(context, "Fix all workloops problems", edits);
  } finally {
    progress.done();
  }
}

/** Applies edits through the client; the number of files that changed. */
async function apply(context: Context, label: string, edits: FileEdits): Promise<number> {
  const files = [...edits.values()].filter((list) => list.length > 0).length;
  if (files === 0) return 0;
  if (!context.traits.appliesEdits) {
    throw refusal("This client does not say that it applies edits. Use the code actions instead.");
  }
  const edit = await workspaceEdit(context, edits);
  const { applied, failureReason } = await context.connection.workspace.applyEdit({ label, edit });
  if (!applied)
    throw refusal(`The client did not apply the edit: ${failureReason ?? "no reason given"}.`);
  return files;
}
