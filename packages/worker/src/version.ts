declare const WORKER_VERSION: string;

/** Set when the bundle is made; running from sources it is not known. */
export const version: string = typeof WORKER_VERSION === "string" ? WORKER_VERSION : "0.0.0";
