import {
  actions,
  complete,
  type Document,
  definition,
  findSymbols,
  format,
  highlight,
  hover,
  inlayHints,
  lanes,
  outline,
  type Place,
  prepareRename,
  type QueuePlace,
  queueAt,
  references,
  rename,
  semanticTokens,
  usedQueues,
} from "@workloops/language-service";
import type {
  CancellationToken,
  Location,
  TextDocumentPositionParams,
} from "vscode-languageserver";
import { type Context, places, sizes, workspaceEdit } from "./context.ts";
import {
  type Places,
  toCodeAction,
  toCompletion,
  toDiagnostic,
  toHover,
  toInlayHint,
  toSemanticTokens,
  toSymbol,
  toWorkspaceSymbol,
} from "./convert.ts";
import { cancellation, refusal } from "./diagnostics.ts";

interface At {
  readonly document: Document;
  readonly places: Places;
  readonly offset: number;
}

async function at(context: Context, params: TextDocumentPositionParams): Promise<At | undefined> {
  const document = await context.project.find(params.textDocument.uri);
  if (document === undefined) return undefined;
  const own = places(context, document);
  return { document, places: own, offset: own.offset(params.position) };
}

async function all(context: Context, token: CancellationToken): Promise<readonly Document[]> {
  const documents = await context.project.all(() => token.isCancellationRequested);
  if (token.isCancellationRequested) throw cancellation();
  return documents;
}

/** What is asked about one place of one document. */
export function answerAtPlaces(context: Context): void {
  const { connection, settings } = context;
  connection.onHover(async (params, token) => {
    const here = await at(context, params);
    if (here === undefined || here.document.regions.length === 0) return null;
    const known = await settings.of(here.document.uri);
    const served = lanes(await all(context, token));
    const { queues } = known;
    const found = hover(here.document, here.offset, {
      lanes: served,
      ...sizes(known),
      ...(queues && { queues }),
    });
    return found ? toHover(found, here.places, context.traits.markdown) : null;
  });
  connection.onCompletion(async (params, token) => {
    const here = await at(context, params);
    if (here === undefined || here.document.regions.length === 0) return null;
    const { queues } = await settings.of(here.document.uri);
    const used = usedQueues(await all(context, token));
    const items = complete(here.document, here.offset, { used, ...(queues && { queues }) });
    return items.map((item, order) => toCompletion(item, order, here.places));
  });
  connection.onDocumentHighlight(async (params) => {
    const here = await at(context, params);
    if (here === undefined) return null;
    return highlight(here.document, here.offset).map((span) => ({
      range: here.places.range(span),
    }));
  });
  connection.onReferences((params, token) =>
    locations(context, params, token, async (documents, { name }) => references(documents, name)),
  );
  connection.onDefinition((params, token) =>
    locations(context, params, token, async (documents, { name, uri }) =>
      definition(documents, name, await settings.file(uri)),
    ),
  );
}

/** Places that have to do with the queue at a position. */
async function locations(
  context: Context,
  params: TextDocumentPositionParams,
  token: CancellationToken,
  find: (documents: readonly Document[], queue: QueuePlace) => Promise<readonly Place[]>,
): Promise<Location[] | null> {
  const here = await at(context, params);
  const queue = here && queueAt(here.document, here.offset);
  if (queue === undefined) return null;
  const found: Location[] = [];
  for (const { uri, span } of await find(await all(context, token), queue)) {
    const document = await context.project.find(uri);
    if (document === undefined) continue;
    found.push({ uri: context.project.spell(uri), range: places(context, document).range(span) });
  }
  return found;
}

export function answerRenames(context: Context): void {
  const { connection } = context;
  connection.onPrepareRename(async (params) => {
    const here = await at(context, params);
    const found = here && prepareRename(here.document, here.offset);
    return here && found ? { range: here.places.range(found.span), placeholder: found.name } : null;
  });
  connection.onRenameRequest(async (params, token) => {
    const here = await at(context, params);
    if (here === undefined) return null;
    const renaming = rename(here.document, here.offset, params.newName, await all(context, token));
    return renaming.ok ? workspaceEdit(context, renaming.edits) : refusal(renaming.why);
  });
}

/** What is asked about a whole document, or a range of it. */
export function answerWholeDocuments(context: Context): void {
  const { connection, project, settings, findings } = context;
  connection.onCodeAction(async ({ textDocument, range, context: wanted }) => {
    const document = await project.find(textDocument.uri);
    if (document === undefined) return null;
    const own = places(context, document);
    const report = await findings(document);
    const kinds = wanted.only ?? [];
    const offered = actions(document, own.span(range), report.findings).filter(
      ({ kind }) =>
        kinds.length === 0 || kinds.some((only) => kind === only || kind.startsWith(`${only}.`)),
    );
    return Promise.all(
      offered.map(async (action) => {
        const ends = action.finding
          ? [toDiagnostic(action.finding, own, context.traits.diagnostics, () => undefined)]
          : [];
        return toCodeAction(action, await workspaceEdit(context, action.edits), ends);
      }),
    );
  });
  connection.onDocumentSymbol(async ({ textDocument }) => {
    const document = await project.find(textDocument.uri);
    if (document === undefined) return null;
    const own = places(context, document);
    return outline(document).map((symbol) => toSymbol(symbol, own));
  });
  connection.onDocumentFormatting(async ({ textDocument }) => {
    const document = await project.find(textDocument.uri);
    // A client may ask for a document that no formatter was registered for.
    if (document?.host !== "workloops") return null;
    const own = places(context, document);
    return format(document).map(({ span, text }) => ({ range: own.range(span), newText: text }));
  });
  connection.languages.semanticTokens.on(async ({ textDocument }) => {
    const document = await project.find(textDocument.uri);
    if (document === undefined) return { data: [] };
    return toSemanticTokens(semanticTokens(document), places(context, document));
  });
  connection.languages.inlayHint.on(async ({ textDocument, range }) => {
    const document = await project.find(textDocument.uri);
    if (document === undefined) return null;
    const own = places(context, document);
    const known = sizes(await settings.of(document.uri));
    return inlayHints(document, own.span(range), known).map((hint) => toInlayHint(hint, own));
  });
}

export function answerWorkspaceSymbols(context: Context): void {
  const { connection, project } = context;
  connection.onWorkspaceSymbol(async ({ query }, token) => {
    const documents = await all(context, token);
    const byUri = new Map(documents.map((document) => [document.uri, document]));
    return findSymbols(documents, query).flatMap((found) => {
      const document = byUri.get(found.uri);
      if (document === undefined) return [];
      return [toWorkspaceSymbol(found, project.spell(found.uri), places(context, document))];
    });
  });
}
