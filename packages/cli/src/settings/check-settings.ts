import type { Settings } from "@workloops/language-service";
import { nearestName } from "../nearest-name.ts";

export type Checked = { readonly settings: Settings } | { readonly reasons: readonly string[] };

type Check = (value: unknown) => string | undefined;

const names: Check = (value) =>
  Array.isArray(value) &&
  value.every((name) => typeof name === "string" && /^[A-Za-z0-9_]{1,64}$/.test(name))
    ? undefined
    : "must be a list of queue names";

const positive: Check = (value) =>
  typeof value === "number" && Number.isFinite(value) && value > 0
    ? undefined
    : "must be a number above 0";

const severities: Check = (value) => {
  const allowed = ["error", "warning", "hint", "off"];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return "must be an object from code to severity";
  }
  const wrong = Object.entries(value).find(([, severity]) => !allowed.includes(String(severity)));
  return wrong === undefined
    ? undefined
    : `has ${JSON.stringify(wrong[1])} for ${wrong[0]}: write one of ${allowed.join(", ")}`;
};

/** The keys of a settings file: docs/schemas/workloops.config.schema.json says the same. */
const checks: { readonly [K in keyof Settings | "$schema"]-?: Check } = {
  $schema: () => undefined,
  queues: names,
  severities,
  runMemoryMb: positive,
  overheadMb: positive,
  overcommit: positive,
  servedElsewhere: names,
};

/** Settings from parsed JSON, or every reason why they are none. */
export function checkSettings(data: unknown): Checked {
  if (typeof data !== "object" || data === null || Array.isArray(data)) {
    return { reasons: ["it must hold one object"] };
  }
  const reasons = Object.entries(data).flatMap(([key, value]) => {
    const check = Object.hasOwn(checks, key) ? checks[key as keyof typeof checks] : undefined;
    if (check === undefined) {
      const near = nearestName(key, Object.keys(checks));
      return [
        `there is no setting ${JSON.stringify(key)}${near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`}`,
      ];
    }
    const reason = check(value);
    return reason === undefined ? [] : [`${JSON.stringify(key)} ${reason}`];
  });
  if (reasons.length > 0) return { reasons };
  const { $schema: _, ...settings } = data as Settings & { readonly $schema?: unknown };
  return { settings };
}
