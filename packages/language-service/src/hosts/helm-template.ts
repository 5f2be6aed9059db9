import { hole } from "../region.ts";
import { type Host, hash } from "./host.ts";
import { readManifests } from "./kubernetes.ts";
import { looseReader } from "./loose-reader.ts";

const action = /\{\{[\s\S]*?\}\}/g;

/** Templates of Kubernetes manifests. What stands between `{{` and `}}` is never judged. */
export const helmTemplate: Host = {
  id: "helm-template",
  comment: () => hash,
  mayClaim: (path) => /\.(?:ya?ml|tpl)$/i.test(path),
  claims: (path, text) =>
    /\.(?:ya?ml|tpl)$/i.test(path) && text.includes("{{") && isManifest(path, text),
  read: (origin) => {
    const reading = readManifests(origin, withoutActions(origin.text), looseReader("none"));
    // A branch that is not taken looks like any other text here, so its syntax proves nothing.
    return { ...reading, problems: [] };
  },
};

/** Other files have braces too: an Ansible playbook is no manifest. */
function isManifest(path: string, text: string): boolean {
  const named = /^[ \t]*apiVersion[ \t]*:/m.test(text) && /^[ \t]*kind[ \t]*:/m.test(text);
  return named || /(?:^|\/)templates\/[^/]*\.(?:ya?ml|tpl)$/.test(path);
}

/** The text with every action blanked, at its length: alone on its lines it becomes white space, elsewhere a hole. */
export function withoutActions(text: string): string {
  return text.replace(action, (found, at: number) => {
    const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
    const end = at + found.length;
    const feed = text.indexOf("\n", end);
    const after = text.slice(end, feed < 0 ? text.length : feed);
    const blank = before.trim() === "" && after.trim() === "" ? " " : hole;
    return found.replace(/[^\r\n]/g, blank);
  });
}
