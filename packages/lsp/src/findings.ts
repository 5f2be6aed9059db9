import { type Document, diagnose, type Finding, type Settings } from "@workloops/language-service";
import type { Project } from "./project.ts";
import type { SettingsSource } from "./settings.ts";

/** The findings of one state of a document. The same state gives the same object. */
export interface Report {
  /** Two reports of a document with the same id say the same. */
  readonly id: string;
  readonly findings: readonly Finding[];
}

interface Remembered extends Report {
  readonly settings: Settings;
  /** What other files were like when the report was made. */
  readonly looked: ReadonlyMap<string, Document | undefined>;
}

/** Reports of documents, each made once until the document, a file that it leans on, or a setting changes. */
export function createFindings(project: Project, settingsSource: SettingsSource) {
  const remembered = new WeakMap<Document, Remembered>();
  // Two who ask at one moment get one report, or its id would say that something changed.
  const underWay = new WeakMap<Document, Promise<Report>>();
  let made = 0;
  const make = async (document: Document, settings: Settings): Promise<Report> => {
    const looked = new Map<string, Document | undefined>();
    const workspace = {
      ...project.workspace,
      read: async (uri: string) => {
        const found = await project.find(uri);
        looked.set(uri, found);
        return found?.text;
      },
    };
    const findings = await diagnose(document, { workspace, settings });
    made += 1;
    const report = { id: String(made), findings, settings, looked };
    remembered.set(document, report);
    return report;
  };
  return async (document: Document): Promise<Report> => {
    for (;;) {
      await underWay.get(document);
      const settings = await settingsSource.of(document.uri);
      const before = remembered.get(document);
      if (before !== undefined && before.settings === settings && (await holds(project, before))) {
        return before;
      }
      if (underWay.has(document)) continue;
      const work = make(document, settings).finally(() => underWay.delete(document));
      underWay.set(document, work);
      return work;
    }
  };
}

async function holds(project: Project, { looked }: Remembered): Promise<boolean> {
  for (const [uri, document] of looked) {
    if ((await project.find(uri)) !== document) return false;
  }
  return true;
}
