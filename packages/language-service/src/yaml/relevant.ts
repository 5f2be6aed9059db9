/** Words of which a part of a file holds one if it gives anything to a worker. */
const traces = /WORKER_|workloops|openfn|ws-worker|--queues/;
/** What the hosts look at beside the parts that hold a trace: names, kinds, and processes that only other files make workers. */
const always =
  /^["']?(?:apiVersion|kind|metadata|spec|items|name|services|include|data|stringData|env|containerDefinitions)["']?[ \t]*:/;
/** An anchor may stand in one part of a file and be meant in another. */
const anchor = /(?:^|[\s[{,:-])&[^\s,[\]{}&]/;
const topLevelKey = /^(?=[^\s#\-[\]{}&*!|>%@`])[^\r\n]*?:(?=[ \t\r\n]|$)/;

/** Below this the parser is faster than any thought of sparing it. */
const smallUnits = 1024;

/**
 * The text with comments in place of top-level parts that hold nothing of ours, so that every
 * offset stays. White space would be more text to a block scalar in front of it. YAML's parser is
 * most of the time of a lint, and most of a file is usually about something else: one comment
 * costs it far less than one for each line. A text with anchors stays whole.
 */
export function relevant(text: string): string {
  if (text.length < smallUnits || anchor.test(text)) return text;
  const starts: number[] = [];
  for (let at = 0; at >= 0 && at < text.length; at = next(text, at)) {
    if (isBoundary(text, at)) starts.push(at);
  }
  if (starts.length < 2) return text;
  const first = starts[0] ?? 0;
  let out = text.slice(0, first);
  let dropped = first;
  for (let i = 0; i < starts.length; i += 1) {
    const start = starts[i] ?? 0;
    const end = starts[i + 1] ?? text.length;
    if (!isKept(text.slice(start, end))) continue;
    out += comment(text, dropped, start) + text.slice(start, end);
    dropped = end;
  }
  return out + comment(text, dropped, text.length);
}

function isKept(part: string): boolean {
  return always.test(part) || traces.test(part) || !topLevelKey.test(part);
}

/** One comment of the length of a stretch of whole lines. */
function comment(text: string, start: number, end: number): string {
  if (end <= start) return "";
  return text[end - 1] === "\n" ? `${"#".repeat(end - start - 1)}\n` : "#".repeat(end - start);
}

function next(text: string, at: number): number {
  const feed = text.indexOf("\n", at);
  return feed < 0 ? -1 : feed + 1;
}

/** A key at the edge, or a mark between documents. */
function isBoundary(text: string, at: number): boolean {
  const char = text.charCodeAt(at);
  // White space and comments, quickly.
  if (char <= 0x20 || char === 0x23) return false;
  const line = text.slice(at, Math.min(text.length, at + 200));
  return /^(?:---|\.\.\.)(?=\s|$)/.test(line) || topLevelKey.test(line);
}
