/** Control characters that a log line cannot keep: all but tab, line feed and carriage return. */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/**
 * The text of a log line's message, or undefined where Lightning calls it blank: missing, null
 * and `[]` are, `[null]` and `""` are not. Source: protocol page, section 4.8.
 */
export function renderMessage(message: unknown): string | undefined {
  if (message === undefined || message === null) return undefined;
  if (!Array.isArray(message)) return clean(renderPart(message));
  if (message.length === 0) return undefined;
  return clean(message.map(renderPart).join(" "));
}

function renderPart(part: unknown): string {
  return typeof part === "string" ? part : JSON.stringify(part);
}

function clean(text: string): string {
  return text.replace(controls, "\ufffd");
}

/** Values of credentials that Lightning looks for in log lines (MAX_CREDENTIAL_SENSITIVE_VALUES). */
const secretsKept = 50;

/** Remembers the values of a credential, so that `scrub` finds them. */
export function rememberSecrets(secrets: Set<string>, body: unknown): void {
  if (secrets.size >= secretsKept) return;
  if (typeof body === "string" || typeof body === "number") {
    if (body !== "") secrets.add(String(body));
    return;
  }
  if (typeof body !== "object" || body === null) return;
  for (const value of Object.values(body)) rememberSecrets(secrets, value);
}

/** Takes the values of credentials out of a text, the longest first, since one may hold another. */
export function scrub(text: string, secrets: ReadonlySet<string>): string {
  let scrubbed = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    scrubbed = scrubbed.replaceAll(secret, "***");
  }
  return scrubbed;
}
