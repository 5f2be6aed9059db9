import { isDeployed, isWorker } from "../process.ts";
import { foundAt, type ProcessRule } from "./host-rule.ts";

export const imageUnpinned: ProcessRule = {
  code: "image-unpinned",
  severity: "hint",
  summary: "The worker's image has no version, so that it changes by itself.",
  why: `An image without a tag, or with \`latest\`, is whatever was newest when a machine last pulled it. Two workers of one deployment may then differ in version, and with it in what they read of their configuration.`,
  bad: {
    language: "yaml",
    text: `services:
  worker:
    image: openfn/ws-worker:latest
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
  data: { image: "the image as written" },
  fixes: [],
  find: (process, { uri }) => {
    const { image } = process;
    if (image === undefined || image.certainty !== "exact" || image.uri !== uri) return [];
    if (!isWorker(process) || !isDeployed(process) || !isUnpinned(image.text)) return [];
    const message = `\`${image.text}\` is whatever is newest when it is pulled: name a version.`;
    return [foundAt({ uri, span: image.content }, message, { data: { image: image.text } })];
  },
};

function isUnpinned(image: string): boolean {
  if (image.includes("@") || image.trim() === "") return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest";
}
