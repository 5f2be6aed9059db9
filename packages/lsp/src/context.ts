import type { Document, FileEdits, Settings } from "@workloops/language-service";
import type { Connection, WorkspaceEdit } from "vscode-languageserver";
import { type EditTarget, type Places, placesOf, toWorkspaceEdit } from "./convert.ts";
import type { Report } from "./findings.ts";
import type { Project } from "./project.ts";
import type { SettingsSource } from "./settings.ts";
import type { Traits } from "./traits.ts";

/** What every handler may use. */
export interface Context {
  readonly connection: Connection;
  readonly traits: Traits;
  readonly project: Project;
  readonly settings: SettingsSource;
  readonly findings: (document: Document) => Promise<Report>;
}

export function places({ traits }: Context, document: Document): Places {
  return placesOf(document, traits.encoding);
}

/** Edits for the client, in its positions, spelling and versions. Documents that went away are left out. */
export async function workspaceEdit(context: Context, edits: FileEdits): Promise<WorkspaceEdit> {
  const { project, traits } = context;
  const targets = new Map<string, EditTarget>();
  for (const uri of edits.keys()) {
    const document = await project.find(uri);
    if (document === undefined) continue;
    const version = project.get(uri)?.version ?? null;
    targets.set(uri, { uri: project.spell(uri), places: places(context, document), version });
  }
  return toWorkspaceEdit(edits, (uri) => targets.get(uri), traits.versionedEdits);
}

const mebibyte = 1024 * 1024;

/** Settings as features take them: sizes in bytes. */
export function sizes({ runMemoryMb, overheadMb }: Settings) {
  return {
    ...(runMemoryMb !== undefined && { runMemory: runMemoryMb * mebibyte }),
    ...(overheadMb !== undefined && { overhead: overheadMb * mebibyte }),
  };
}
