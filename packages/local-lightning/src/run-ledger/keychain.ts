import { isRecord, own } from "@workloops/worker/protocol";

/** Where a path of a keychain leads next: `.name`, `["name"]` or `[0]`. */
const part = /\.([\w$-]+)|\["([^"]*)"\]|\[(\d+)\]/y;

/** What a simple JSONPath (`$.patient.sites[0]`) finds in a value, or undefined. */
function find(value: unknown, path: string): unknown {
  part.lastIndex = 1;
  let found = value;
  while (part.lastIndex < path.length) {
    const [match, name, quoted, index] = part.exec(path) ?? [];
    if (match === undefined) return undefined;
    if (index !== undefined) found = Array.isArray(found) ? found[Number(index)] : undefined;
    else found = isRecord(found) ? own(found, name ?? quoted ?? "") : undefined;
  }
  return found;
}

/**
 * The id of the credential that a keychain chooses by the run's input, its default where nothing
 * fits. Source: protocol page, section 4.4.
 */
export function chooseCredential(keychain: unknown, inputText: string | null): string | undefined {
  if (!isRecord(keychain)) return undefined;
  const [path, byValue] = [own(keychain, "path"), own(keychain, "credentials")];
  const fallback = own(keychain, "default");
  const usual = typeof fallback === "string" ? fallback : undefined;
  if (typeof path !== "string" || !path.startsWith("$") || !isRecord(byValue)) return usual;
  let input: unknown;
  try {
    input = JSON.parse(inputText ?? "null");
  } catch {
    return usual;
  }
  const chosen = own(byValue, String(find(input, path)));
  return typeof chosen === "string" ? chosen : usual;
}
