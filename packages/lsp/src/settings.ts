import type { Settings, SettingsText, Workspace } from "@workloops/language-service";
import type { Connection } from "vscode-languageserver";
import type { Traits } from "./traits.ts";

/** The settings that hold for a document. */
export interface SettingsSource {
  readonly of: (uri: string) => Promise<Settings>;
  /** The nearest file of settings at or above a document. */
  readonly file: (uri: string) => Promise<SettingsText | undefined>;
  /** Something that settings are made of has changed. */
  readonly forget: () => void;
}

export const settingsFile = "workloops.config.json";

/**
 * What the client says, laid over the nearest `workloops.config.json` at or above the document.
 * A value of the wrong type is left out: the linter tells of it, an editor goes on.
 */
export function createSettings(
  workspace: Workspace,
  ask: (uri: string) => Promise<unknown>,
): SettingsSource {
  // By folder: a project has few, and all its documents share them.
  const known = new Map<string, Promise<Settings>>();
  const read = async (uri: string): Promise<Settings> => {
    const [file, client] = await Promise.all([nearest(workspace, uri), ask(uri)]);
    return { ...settingsIn(file && parsed(file.text)), ...settingsIn(client) };
  };
  return {
    of: (uri) => {
      const folder = uri.slice(0, uri.lastIndexOf("/") + 1);
      const found = known.get(folder) ?? read(uri);
      known.set(folder, found);
      return found;
    },
    file: (uri) => nearest(workspace, uri),
    forget: () => known.clear(),
  };
}

async function nearest(workspace: Workspace, uri: string): Promise<SettingsText | undefined> {
  const start = /^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?/i.exec(uri)?.[0] ?? "";
  const parts = uri.slice(start.length).split("/").slice(0, -1);
  for (; parts.length > 0; parts.pop()) {
    const file = `${start}${parts.join("/")}/${settingsFile}`;
    const text = await workspace.read(file);
    if (text !== undefined) return { uri: file, text };
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half typed, most likely; until it can be read the defaults hold.
    return undefined;
  }
}

/** The settings among the members of a value of unknown shape. */
function settingsIn(value: unknown): Settings {
  if (typeof value !== "object" || value === null) return {};
  const found: Record<string, unknown> = {};
  for (const [name, valid] of Object.entries(shapes)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined && member !== null && valid(member)) found[name] = member;
  }
  return found;
}

const words = (value: unknown) =>
  Array.isArray(value) && value.every((word) => typeof word === "string");
const amount = (value: unknown) =>
  typeof value === "number" && Number.isFinite(value) && value >= 0;
const severity = new Set<unknown>(["error", "warning", "hint", "off"]);

const shapes: Readonly<Record<keyof Settings, (value: unknown) => boolean>> = {
  queues: words,
  severities: (value) =>
    typeof value === "object" && Object.values(value ?? {}).every((name) => severity.has(name)),
  runMemoryMb: amount,
  overheadMb: amount,
  overcommit: (value) => amount(value) && value !== 0,
  servedElsewhere: words,
};

/** Settings that the client holds: asked for where it answers, else what it pushed last. */
export function clientSettings(
  connection: Connection,
  { configuration }: Traits,
  spell: (uri: string) => string,
) {
  let last: unknown;
  return {
    pushed: (settings: unknown) => {
      last = settings;
    },
    of: async (uri: string): Promise<unknown> => {
      if (!configuration) return sectionOf(last);
      const wanted = { scopeUri: spell(uri), section: "workloops" };
      let timer: Parameters<typeof clearTimeout>[0];
      const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(resolve, maxAnswerMs);
      });
      try {
        return await Promise.race([connection.workspace.getConfiguration(wanted), late]);
      } catch {
        // The client said that it answers, and refuses: the defaults hold.
        return undefined;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** A client that says it answers and then does not must not keep diagnostics back for longer than this. */
const maxAnswerMs = 2_000;

/** Clients push either the section or an object that holds it. */
function sectionOf(pushed: unknown): unknown {
  if (typeof pushed !== "object" || pushed === null) return undefined;
  return "workloops" in pushed ? pushed.workloops : pushed;
}
