import { isDeployed, isWorker, winner } from "../process.ts";
import { foundAt, type ProcessRule } from "./host-rule.ts";

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
    const { kept } = process;
    const value = winner(process, "repo-dir")?.value;
    // Without a folder of its own the worker uses one below a home that this file does not name.
    if (kept === undefined || process.uri !== uri || !isWorker(process) || !isDeployed(process))
      return [];
    if (value?.certainty === "opaque") return [];
    const repoDir = value?.text.replace(/\/$/, "");
    const holds = (path: string) =>
      repoDir === undefined
        ? true
        : repoDir === path || repoDir.startsWith(`${path.replace(/\/$/, "")}/`);
    if (kept.some(holds)) return [];
    const message = `No volume keeps ${repoDir === undefined ? "the worker's adaptors" : `\`${repoDir}\``}: every new container installs its adaptors again.`;
    const data = { repoDir: repoDir ?? null };
    return [foundAt(process, message, { data })];
  },
};
