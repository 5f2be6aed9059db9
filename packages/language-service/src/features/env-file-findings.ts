import { openDocument } from "../document.ts";
import type { Finding, Settings } from "../finding.ts";
import { readEnvFile } from "../hosts/dotenv.ts";
import type { EnvDialect, Link, Process } from "../process.ts";
import { fileOrigin } from "../region.ts";
import type { Workspace } from "../workspace.ts";
import { trapFinding } from "./trap-finding.ts";
import { valueFindings } from "./value-findings.ts";

type EnvLink = Extract<Link, { kind: "env-file" }>;

/**
 * What a process's reader makes of the env files that it names, where the file itself cannot
 * tell: docker and systemd read quotes and comments in their own ways, and a name such as
 * `worker.list` says nothing of what a file holds.
 */
export async function envFileFindings(
  { links, uri }: Process,
  workspace: Workspace,
  settings: Settings,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const link of links) {
    if (link.kind !== "env-file") continue;
    const file = workspace.resolve(uri, link.path);
    const text = await workspace.read(file);
    if (text === undefined) continue;
    const own = inFile(file, text, link.dialect, settings);
    found.push(...own.map((finding) => seenFrom(finding, uri, link, text)));
  }
  return found;
}

/** What is wrong in the file as this reader takes it, and is not told in the file's own document. */
function inFile(file: string, text: string, dialect: EnvDialect, settings: Settings): Finding[] {
  const { given, traps } = readEnvFile(fileOrigin(file, text), dialect);
  const values = given.flatMap(({ option, value }) => {
    if (option !== "workloops" || value === undefined || value.certainty === "opaque") return [];
    const isTrapped = traps.some(
      ({ span }) => span.start <= value.span.end && span.end >= value.span.start,
    );
    return isTrapped ? [] : [value];
  });
  // Most env files hold nothing of ours, and are not read as a document for that.
  if (traps.length === 0 && values.length === 0) return [];
  const shown = openDocument(file, text);
  const told = traps.filter((trap) => !shown.traps.some(({ span }) => same(span, trap.span)));
  const untold = values.filter(
    (value) => !shown.regions.some((region) => region.text === value.text),
  );
  return [
    ...told.map((trap) => trapFinding(file, trap)),
    ...untold.flatMap((value) => valueFindings(value, settings)),
  ];
}

const same = (a: EnvLink["span"], b: EnvLink["span"]) => a.start === b.start && a.end === b.end;

/** Told where the file is named, since that decides how it is read. */
function seenFrom(finding: Finding, uri: string, { span }: EnvLink, text: string): Finding {
  const { uri: file, span: place } = finding;
  const message = text.slice(place.start, place.end);
  return { ...finding, uri, span, related: [{ uri: file, span: place, message }] };
}
