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
 * The text with empty comments in place of top-level parts that hold nothing of ours, so that
 * every offset stays. White space would be more text to a block scalar in front of it. YAML's parser is most of the time of a lint, and most of a file is
 * usually about something else. A text with anchors stays whole.
 */
export function relevant(text: string): string {
  if (text.length < smallUnits || anchor.test(text)) return text;
  const starts: number[] = [];
  for (let at = 0; at >= 0 && at < text.length; at = next(text, at)) {
    if (isBoundary(text, at)) starts.push(at);
  }
  if (starts.length < 2) return text;
  const parts = starts.map((start, i) => {
    const part = text.slice(start, starts[i + 1] ?? text.length);
    const kept = always.test(part) || traces.test(part) || !topLevelKey.test(part);
    return kept ? part : part.replace(/[^\r\n]+/g, (line) => "#".padEnd(line.length));
  });
  return text.slice(0, starts[0]) + parts.join("");
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
