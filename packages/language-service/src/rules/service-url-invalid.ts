import { isWorker, winner } from "../process.ts";
import type { Value } from "../region.ts";
import { foundAt, type ProcessRule } from "./host-rule.ts";

export const serviceUrlInvalid: ProcessRule = {
  code: "service-url-invalid",
  severity: "error",
  summary: "The address of Lightning is no WebSocket address that ends in `/worker`.",
  why: `A worker opens a WebSocket at this address and takes \`/worker\` as its path. With \`http\` no socket opens, and with another path Lightning refuses it; the worker tries again for ever and never claims.`,
  bad: {
    language: "dotenv",
    text: "WORKER_WORKLOOPS=fast_lane:1 manual>*:4\nWORKER_LIGHTNING_SERVICE_URL=https://lightning.example.org",
  },
  good: {
    language: "dotenv",
    text: "WORKER_WORKLOOPS=fast_lane:1 manual>*:4\nWORKER_LIGHTNING_SERVICE_URL=wss://lightning.example.org/worker",
  },
  data: {
    url: "the address as the worker receives it",
    suggestion: "the address that was probably meant, or null",
  },
  fixes: [{ title: "Write the WebSocket address", meaning: "changes" }],
  find: (process, { uri }) => {
    const value = winner(process, "lightning")?.value;
    if (
      !isWorker(process) ||
      value === undefined ||
      value.certainty !== "exact" ||
      value.uri !== uri
    )
      return [];
    const url = value.text.trim();
    if (url === "mock" || /^wss?:\/\/[^/\s]+(?:\/\S*)?\/worker\/?$/.test(url)) return [];
    const suggestion = suggested(url);
    const message = `The worker opens a WebSocket here: write ${suggestion === undefined ? "`ws://` or `wss://`, the host, and `/worker`" : `\`${suggestion}\``}.`;
    const span = value.content.end > value.content.start ? value.content : value.span;
    const data = { url, suggestion: suggestion ?? null };
    return [foundAt({ uri, span }, message, { data, fixes: fixes(value, suggestion) })];
  },
};

function suggested(url: string): string | undefined {
  const [, scheme, rest] = /^(https?|wss?):\/\/([^/\s?#]+(?:\/[^\s?#]*)?)$/.exec(url) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  const socket = scheme.replace("http", "ws");
  const path = rest.replace(/\/+$/, "");
  return `${socket}://${path.endsWith("/worker") ? path : `${path}/worker`}`;
}

function fixes(value: Value, suggestion: string | undefined) {
  const edit = suggestion === undefined ? undefined : value.write(suggestion);
  if (edit === undefined) return [];
  const title = "Write the WebSocket address";
  return [{ title, meaning: "changes" as const, uri: value.uri, edits: [edit] }];
}
