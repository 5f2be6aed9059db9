import { foundAt, type ProcessRule } from "./host-rule.ts";
import { lostFolder } from "./lost-folder.ts";

export const adaptorsNotKept: ProcessRule = {
  code: "adaptors-not-kept",
  severity: "hint",
  summary: "The adaptors that a worker installs are lost with its container.",
  why: `A worker installs an adaptor when a run first needs it, into its repo dir. Without a volume there, every new container installs all of them again, and the first run of each, also one of the fast lane, waits for that.`,
  bad: {
    language: "yaml",
    text: `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: fast_lane:1 manual>*:4
      WORKER_REPO_DIR: /adaptors`,
  },
  good: {
    language: "yaml",
    text: `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    stop_grace_period: 310s
    environment:
      WORKER_WORKLOOPS: fast_lane:1 manual>*:4
      WORKER_REPO_DIR: /adaptors
    volumes:
      - adaptors:/adaptors`,
  },
  data: { repoDir: "the folder of the adaptors, or null where it is the default" },
  fixes: [],
  find: (process, { uri }) => {
    const lost = process.uri === uri ? lostFolder(process, "repo-dir") : undefined;
    if (lost === undefined) return [];
    const { folder } = lost;
    const message = `No volume keeps ${folder === null ? "the worker's adaptors" : `\`${folder}\``}: every new container installs its adaptors again.`;
    return [foundAt(process, message, { data: { repoDir: folder } })];
  },
};
