import type { LogFields, LogLevel } from "../core/index.ts";

/** What is used of @sentry/node, which is installed only by those who want it. */
interface SentryModule {
  init(options: {
    readonly dsn: string;
    readonly environment: string;
    readonly release: string;
  }): void;
  addBreadcrumb(crumb: {
    readonly message: string;
    readonly level: string;
    readonly data: LogFields;
  }): void;
  captureMessage(
    message: string,
    context: { readonly level: "error"; readonly extra: LogFields },
  ): void;
  close(timeoutMs: number): Promise<boolean>;
}

export interface Sentry {
  readonly log: (level: LogLevel, message: string, fields: LogFields) => void;
  readonly close: () => Promise<void>;
}

const CLOSE_MS = 500;

/**
 * Reports errors, with what was logged before them. Rejects where @sentry/node is not installed.
 */
export async function openSentry(
  dsn: string,
  environment: string,
  release: string,
): Promise<Sentry> {
  // A name that bundlers do not follow: the package is looked for where the worker runs.
  const name = ["@sentry", "node"].join("/");
  const sentry: SentryModule = await import(name).catch(() => {
    throw new Error(`--sentry-dsn needs the package ${name}, which is not installed beside it`);
  });
  sentry.init({ dsn, environment, release });
  return {
    log(level, message, fields) {
      if (level === "error") sentry.captureMessage(message, { level, extra: fields });
      else if (level !== "debug") sentry.addBreadcrumb({ message, level, data: fields });
    },
    async close() {
      await sentry.close(CLOSE_MS);
    },
  };
}
