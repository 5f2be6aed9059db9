/** A server that waits long before it calls a run lost, so that what a worker still holds is its own to end. */
export const GRACE_SECONDS = 600;

/** What Lightning adds to a run's time for its token. */
export const TOKEN_GRACE_SECONDS = 10;

/** What the worker adds where a token does not say when it ends. */
export const UNKNOWN_TOKEN_GRACE_SECONDS = 60;
