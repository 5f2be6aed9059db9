import { winner } from "../process.ts";
import { foundAt, type ProcessRule } from "./host-rule.ts";

/** The first OpenFn worker that reads workloops. */
const first = [1, 22, 0] as const;

export const workloopsUnsupported: ProcessRule = {
  code: "workloops-unsupported",
  severity: "error",
  summary: "The worker image is older than the option and ignores it in silence.",
  why: `OpenFn's worker reads workloops from version 1.22.0 on. An older one does not know the variable, accepts unknown flags, and runs one loop over every queue: the file describes lanes that do not exist.`,
  bad: {
    language: "yaml",
    text: `services:
  worker:
    image: openfn/ws-worker:v1.21.3
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: fast_lane:1 manual>*:4`,
  },
  good: {
    language: "yaml",
    text: `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: fast_lane:1 manual>*:4`,
  },
  data: { version: "the image's version", needed: "the first version that reads workloops" },
  fixes: [],
  find: (process, { uri }) => {
    const { image } = process;
    const given = winner(process, "workloops");
    if (image === undefined || given === undefined || image.certainty === "opaque") return [];
    const [, ...parts] = /(?:^|\/)ws-worker:v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(image.text) ?? [];
    if (parts.length === 0 || !isBefore(parts.map((part) => Number(part ?? 0)))) return [];
    const version = parts.map((part) => part ?? "0").join(".");
    const needed = first.join(".");
    const message = `Version ${version} of the worker ignores workloops: use an image of ${needed} or later.`;
    const place = image.uri === uri ? { uri, span: image.content } : process;
    const related =
      given.uri === place.uri && given.span.start === place.span.start
        ? []
        : [{ uri: given.uri, span: given.span, message: `${given.name}, from ${given.from}` }];
    return [foundAt(place, message, { data: { version, needed }, related })];
  },
};

function isBefore(version: readonly number[]): boolean {
  for (const [i, part] of first.entries()) {
    const own = version[i] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}
