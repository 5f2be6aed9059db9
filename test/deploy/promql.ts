import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

export const grafana = resolve(import.meta.dirname, "../../deploy/grafana");

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export function alertRules(): readonly AlertRule[] {
  const { groups } = parse(readFileSync(join(grafana, "alerts.yaml"), "utf8")) as {
    groups: readonly { readonly rules: readonly AlertRule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

interface Panel {
  readonly title: string;
  readonly description?: string;
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

export interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: { query: string } | string }[];
  };
}

export function dashboard(): Dashboard {
  return JSON.parse(readFileSync(join(grafana, "dashboard.json"), "utf8")) as Dashboard;
}

/** A dashboard's expression as Prometheus gets it: its variables with values. */
export function filled(expr: string): string {
  return expr
    .replaceAll("$__rate_interval", "5m")
    .replaceAll("$__range", "6h")
    .replace(/\$(job|instance|lane)\b/g, ".*");
}

/** The metrics of the worker that an expression reads, with the labels that it picks of each. */
export function metricsIn(expr: string): readonly {
  readonly name: string;
  readonly matchers: readonly { readonly label: string; readonly value: string }[];
}[] {
  return [...expr.matchAll(/\b(workloops_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, name = "", list = ""]) => ({
      name: name.replace(/_bucket$/, ""),
      matchers: [...list.matchAll(/(\w+)\s*=~?\s*"([^"]*)"/g)].map(
        ([, label = "", value = ""]) => ({
          label,
          value,
        }),
      ),
    }),
  );
}

/** Labels that an expression groups or joins by. */
export function groupingsIn(expr: string): readonly string[] {
  return [...expr.matchAll(/\b(?:by|on|without|ignoring) \(([^)]*)\)/g)].flatMap(([, list = ""]) =>
    list.split(",").map((label) => label.trim()),
  );
}
