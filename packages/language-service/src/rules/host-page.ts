import { frame, helpOf, rulePage } from "@workloops/parser";
import { openDocument } from "../document.ts";
import { diagnose } from "../features/diagnose.ts";
import { hostRules } from "./rules.ts";

/** A file that holds an example, by the info word of its fenced block. */
const files: Readonly<Record<string, string>> = {
  dotenv: ".env",
  "shell-script": "start.sh",
  dockerfile: "Dockerfile",
  systemd: "worker.service",
};

export function exampleFile(language: string, text: string): string {
  return files[language] ?? (text.includes("apiVersion:") ? "pod.yaml" : "compose.yaml");
}

/** The page of a rule of this package, with what its bad example really gives; undefined for other codes. */
export async function hostPageOf(code: string): Promise<string | undefined> {
  const rule = hostRules.find((candidate) => candidate.code === code);
  if (rule === undefined) return undefined;
  const { language, text } = rule.bad;
  const origin = exampleFile(language, text);
  const found = await diagnose(openDocument(origin, text));
  const frames = found
    .filter((finding) => finding.code === code)
    .map(({ severity, message, span, fixes }) => {
      const [fix] = fixes;
      const help = fix === undefined ? {} : { help: helpOf(fix) };
      return frame({ text, span, origin, code, severity, message, ...help });
    });
  return rulePage(rule, frames.join("\n"));
}
