import type { TrapRule } from "./host-rule.ts";

export const yamlNotAString: TrapRule = {
  code: "yaml-not-a-string",
  severity: "error",
  summary: "The value is no string for the file's reader.",
  why: `Environment variables and arguments are strings. Kubernetes refuses a manifest in which one is a number, so a capacity is written \`"5"\`. A colon with a space behind it makes a map of a value: \`fast_lane: 1\` is the key \`fast_lane\` with the number 1, not a group.`,
  bad: {
    language: "yaml",
    text: `apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  terminationGracePeriodSeconds: 310
  containers:
    - name: worker
      image: openfn/ws-worker:v1.25.0
      env:
        - name: WORKER_CAPACITY
          value: 5`,
  },
  good: {
    language: "yaml",
    text: `apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  terminationGracePeriodSeconds: 310
  containers:
    - name: worker
      image: openfn/ws-worker:v1.25.0
      env:
        - name: WORKER_CAPACITY
          value: "5"`,
  },
  data: { reads: "what the reader makes of the text" },
  fixes: [{ title: "Quote the value", meaning: "keeps" }],
  advice: "write one string, between quotes",
};
