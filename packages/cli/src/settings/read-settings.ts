import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Settings } from "@workloops/language-service";
import { type Checked, checkSettings } from "./check-settings.ts";

export const settingsFile = "workloops.config.json";

/** The settings that apply to a file, and where they come from. */
export interface FoundSettings {
  readonly settings: Settings;
  /** The absolute path; undefined where no file applies. */
  readonly from: string | undefined;
}

/** A settings file that cannot be followed. */
export interface SettingsFault {
  readonly path: string;
  readonly reasons: readonly string[];
}

/** Looks for the nearest settings file upwards, once for each folder. */
export function settingsFinder(cwd: string) {
  const byFolder = new Map<string, FoundSettings>();
  const faults = new Map<string, SettingsFault>();
  const inFolder = (folder: string): FoundSettings => {
    const known = byFolder.get(folder);
    if (known !== undefined) return known;
    const path = join(folder, settingsFile);
    let found: FoundSettings;
    if (existsSync(path)) {
      const read = readSettings(path);
      if ("reasons" in read) faults.set(path, { path, reasons: read.reasons });
      found = { settings: "settings" in read ? read.settings : {}, from: path };
    } else {
      const above = dirname(folder);
      found = above === folder ? { settings: {}, from: undefined } : inFolder(above);
    }
    byFolder.set(folder, found);
    return found;
  };
  return {
    settingsOf: (path: string): FoundSettings => inFolder(dirname(resolve(cwd, path))),
    faults: (): readonly SettingsFault[] => [...faults.values()],
  };
}

function readSettings(path: string): Checked {
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, "utf8").replace(/^\ufeff/, ""));
  } catch (error) {
    return { reasons: [`it is no JSON: ${(error as Error).message}`] };
  }
  return checkSettings(data);
}
