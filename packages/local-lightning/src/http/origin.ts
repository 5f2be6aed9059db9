import type { IncomingHttpHeaders } from "node:http";
import { readUrl } from "./read-url.ts";

/**
 * Whether a request comes from this machine's programs and not from a page in its browser: a
 * foreign page names itself in `Origin`, and one whose name was pointed at this machine in `Host`.
 * Without this, any page that a person visits could make workers run jobs.
 */
export function isOurOwn({ host, origin }: IncomingHttpHeaders): boolean {
  const called = readUrl(`http://${host ?? ""}`);
  if (called === undefined || !isPlainName(called.hostname)) return false;
  return origin === undefined || readUrl(origin)?.host === called.host;
}

/** An address, or a name without a dot as containers give each other: nobody can register those. */
function isPlainName(name: string): boolean {
  return !name.includes(".") || /^[\d.]+$/.test(name) || name.endsWith(".localhost");
}
