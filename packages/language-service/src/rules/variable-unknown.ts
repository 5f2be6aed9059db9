import { nearest } from "@workloops/parser";
import { isWorker } from "../process.ts";
import { variableNames } from "../worker-options.ts";
import { foundAt, namePlace, type ProcessRule } from "./host-rule.ts";

const group = /^[\w*]+(?:>[\w*]+)*:\d+(?=\s|$)/;

export const variableUnknown: ProcessRule = {
  code: "variable-unknown",
  severity: "warning",
  summary: "A `WORKER_` variable that no worker reads.",
  why: `A worker reads the variables that it knows and never looks at the others, so a misspelt name has no effect and no message: the limit, the address or the lanes that it was meant to set keep their defaults.`,
  bad: {
    language: "dotenv",
    text: "WORKER_WORKLOOPS=fast_lane:1 manual>*:4\nWORKER_MAX_RUN_MEMORY=500",
  },
  good: {
    language: "dotenv",
    text: "WORKER_WORKLOOPS=fast_lane:1 manual>*:4\nWORKER_MAX_RUN_MEMORY_MB=500",
  },
  data: { name: "the name as written", suggestion: "the name that was probably meant, or null" },
  fixes: [{ title: "Use the name that was probably meant", meaning: "changes" }],
  find: (process, context) => {
    const isOne = isWorker(process);
    const unknown = process.given.filter(
      ({ by, name, option, uri }) =>
        by === "variable" &&
        option === undefined &&
        /^WORKER_\w+$/.test(name) &&
        uri === context.uri,
    );
    return unknown.flatMap((given) => {
      const suggestion = nearest(given.name, variableNames);
      // A misspelt name may be all that would have told of a worker.
      if (!isOne && !(suggestion === "WORKER_WORKLOOPS" && group.test(given.value?.text ?? ""))) {
        return [];
      }
      const place = namePlace(given, context);
      const end =
        suggestion === undefined
          ? "remove it, or correct its name."
          : `did you mean \`${suggestion}\`?`;
      const fixes =
        suggestion === undefined || place === given
          ? []
          : [
              {
                title: `Write \`${suggestion}\``,
                meaning: "changes" as const,
                uri: place.uri,
                edits: [{ span: place.span, text: suggestion }],
              },
            ];
      const data = { name: given.name, suggestion: suggestion ?? null };
      return foundAt(place, `No worker reads \`${given.name}\`: ${end}`, { data, fixes });
    });
  },
};
