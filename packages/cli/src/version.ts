declare const WORKLOOPS_VERSION: string;

/** The version of this package; where sources run unbundled there is none. */
export const version = typeof WORKLOOPS_VERSION === "string" ? WORKLOOPS_VERSION : "0.0.0-source";
