import { type Process, process } from "../process.ts";
import { readShell } from "../shell/read-shell.ts";
import { scalarValue } from "../yaml/scalar-value.ts";
import { child, deref, entries, parseYaml, rootOf, spanOf } from "../yaml/yaml-file.ts";
import { baseName, type Embedded, type Host, nothing, type Trap } from "./host.ts";

/** The scripts of a package.json: JSON strings, each handed to a shell. */
export const packageJson: Host = {
  id: "package-json",
  comment: () => undefined,
  mayClaim: isPackageJson,
  claims: isPackageJson,
  read: (origin) => {
    const file = parseYaml(origin);
    const [document] = file.documents;
    if (document === undefined) return nothing;
    const processes: Process[] = [];
    const traps: Trap[] = [];
    const embedded: Embedded[] = [];
    for (const { key, keyNode, value } of entries(child(rootOf(file, document), "scripts"))) {
      const node = deref(file, document, value);
      const script = scalarValue({ file, document, node }, true);
      if (script === undefined) continue;
      const { given, ...read } = readShell(script, `script ${key}`);
      const place = { uri: origin.uri, span: spanOf(file, keyNode) };
      if (given.length > 0)
        processes.push(process({ ...place, name: key, platform: "none", given }));
      processes.push(...read.processes);
      traps.push(...read.traps);
      embedded.push(...read.embedded);
    }
    return { processes, traps, embedded, problems: file.problems };
  },
};

function isPackageJson(path: string): boolean {
  return baseName(path) === "package.json";
}
