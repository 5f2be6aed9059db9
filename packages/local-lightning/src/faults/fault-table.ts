/** Where a fault strikes: a moment in the life of a connection. */
export type FaultPlace = "connect" | "queue-join" | "claim" | "run-join" | "event";

/** What happens there. */
export type FaultEffect =
  /** The request is not looked at, and not answered. */
  | "lost"
  /** It is done, and the answer never sent. */
  | "reply-lost"
  /** It is done at once, and answered after `ms`. */
  | "reply-late"
  /** It, and what follows on its topic, waits for `ms`, as behind a slow database. */
  | "stalled"
  /** It is done once, and answered twice. */
  | "reply-twice"
  /** It arrives twice: done twice, and answered twice. */
  | "applied-twice"
  /** It is not done, and answered with an error. */
  | "refused"
  /** It is not done, and answered with `status` and `response`. */
  | "answered"
  /** Its channel dies (`phx_error`). */
  | "crash"
  /** The socket is cut before it is done. */
  | "drop-before"
  /** It is done, and the socket cut instead of an answer. */
  | "drop-after"
  /** The claim is given `count` runs more than it asked for. */
  | "surplus"
  /** Tokens in the claim's answer are `token`: `foreign`, `expired`, `malformed` or `forged`. */
  | "bad-tokens"
  /** A wake-up in the same packet as the answer. */
  | "wake-up"
  /** The answer is padded to `bytes`. */
  | "padded";

/** What `POST /faults` can be told, beside `kind`, `times` and `after`. */
type FaultParameter = "ms" | "count" | "bytes" | "status" | "response" | "token" | "code";

export interface FaultRow {
  readonly kind: string;
  /** Absent: it happens at once, on what is there. */
  readonly at?: FaultPlace;
  readonly effect?: FaultEffect;
  readonly parameters: readonly FaultParameter[];
  /** The rows of the fault matrix that it is for. */
  readonly matrix: readonly number[];
  readonly does: string;
}

const row = (
  kind: string,
  at: FaultPlace,
  effect: FaultEffect,
  matrix: readonly number[],
  does: string,
  parameters: readonly FaultParameter[] = [],
): FaultRow => ({ kind, at, effect, parameters, matrix, does });

const now = (
  kind: string,
  matrix: readonly number[],
  does: string,
  parameters: readonly FaultParameter[] = [],
): FaultRow => ({ kind, parameters, matrix, does });

/** Every fault that can be asked for. The page docs/local-lightning.md is held to this table. */
export const faultTable: readonly FaultRow[] = [
  row(
    "connection-refused",
    "connect",
    "refused",
    [8],
    "The upgrade is answered with HTTP `status` (503).",
    ["status"],
  ),
  row("connection-unanswered", "connect", "lost", [8], "The upgrade is never answered."),
  row(
    "queue-join-refused",
    "queue-join",
    "refused",
    [8],
    "The join of worker:queue is refused as unauthorized.",
  ),
  row(
    "queue-join-unanswered",
    "queue-join",
    "lost",
    [8],
    "The join of worker:queue is not looked at.",
  ),
  row(
    "queue-join-reply-lost",
    "queue-join",
    "reply-lost",
    [9, 10],
    "The join happens; its reply is lost.",
  ),
  row(
    "queue-join-late",
    "queue-join",
    "reply-late",
    [8],
    "The reply to the join comes after `ms`.",
    ["ms"],
  ),
  row("claim-lost", "claim", "lost", [1], "The claim never arrives."),
  row("claim-reply-lost", "claim", "reply-lost", [1], "Runs are claimed; the reply is lost."),
  row(
    "claim-reply-late",
    "claim",
    "reply-late",
    [2, 18],
    "Runs are claimed; the reply comes after `ms`.",
    ["ms"],
  ),
  row(
    "claim-stalled",
    "claim",
    "stalled",
    [2, 18],
    "The claim is done, and answered, after `ms`.",
    ["ms"],
  ),
  row("claim-reply-twice", "claim", "reply-twice", [3], "The reply is sent twice."),
  row("claim-error", "claim", "refused", [4], "The claim is answered with an error."),
  row("claim-crash", "claim", "crash", [4], "The channel dies of the claim."),
  row(
    "claim-answer",
    "claim",
    "answered",
    [4, 28],
    "The claim is answered with `status` (ok) and `response`.",
    ["status", "response"],
  ),
  row("claim-surplus", "claim", "surplus", [5], "`count` (1) runs more than demanded are given.", [
    "count",
  ]),
  row(
    "claim-dropped-before",
    "claim",
    "drop-before",
    [6],
    "The socket is cut before the claim is done.",
  ),
  row(
    "claim-dropped-after",
    "claim",
    "drop-after",
    [1, 6],
    "Runs are claimed; the socket is cut before the reply.",
  ),
  row(
    "claim-bad-tokens",
    "claim",
    "bad-tokens",
    [16, 28],
    "The runs' tokens are `token`: foreign, expired, malformed or forged.",
    ["token"],
  ),
  row(
    "claim-with-wake-up",
    "claim",
    "wake-up",
    [27],
    "A wake-up comes in the same packet as the reply.",
  ),
  row(
    "run-join-refused",
    "run-join",
    "refused",
    [8, 16],
    "The join of a run's channel is refused as unauthorized.",
  ),
  row(
    "run-join-unanswered",
    "run-join",
    "lost",
    [8],
    "The join of a run's channel is not looked at.",
  ),
  row(
    "run-join-reply-lost",
    "run-join",
    "reply-lost",
    [10],
    "The join happens; its reply is lost.",
  ),
  row("event-lost", "event", "lost", [11, 12, 13], "The event is not looked at."),
  row("event-reply-lost", "event", "reply-lost", [13], "The event is done; its reply is lost."),
  row(
    "event-reply-late",
    "event",
    "reply-late",
    [13, 14],
    "The event is done; its reply comes after `ms`.",
    ["ms"],
  ),
  row(
    "event-stalled",
    "event",
    "stalled",
    [13, 14],
    "The event and those behind it wait for `ms`.",
    ["ms"],
  ),
  row(
    "event-reply-twice",
    "event",
    "reply-twice",
    [13],
    "The event is done once and answered twice.",
  ),
  row(
    "event-applied-twice",
    "event",
    "applied-twice",
    [15],
    "The event is done twice and answered twice.",
  ),
  row(
    "event-refused",
    "event",
    "refused",
    [11, 12],
    "The event is not done, and answered with an error (`response`).",
    ["response"],
  ),
  row(
    "event-answer",
    "event",
    "answered",
    [11, 12],
    "The event is answered with `status` (ok) and `response`.",
    ["status", "response"],
  ),
  row("event-crash", "event", "crash", [11, 13], "The run's channel dies of the event."),
  row(
    "event-dropped-before",
    "event",
    "drop-before",
    [13],
    "The socket is cut before the event is done.",
  ),
  row(
    "event-dropped-after",
    "event",
    "drop-after",
    [13],
    "The event is done; the socket is cut before the reply.",
  ),
  row("event-padded", "event", "padded", [11], "The answer is padded to `bytes` (12,000,000).", [
    "bytes",
  ]),
  now("drop-sockets", [6], "Every worker's socket is cut, without a goodbye."),
  now("close-sockets", [6], "Every worker's socket is closed in order, with `code` (1001).", [
    "code",
  ]),
  now("half-open", [7], "Every worker's socket stays open and is never read or written again."),
  now("server-away", [6, 8], "Sockets are cut and new ones refused for `ms` (5,000).", ["ms"]),
  now("wake-up-storm", [26], "`count` (200) wake-ups to every worker, spread over `ms` (100).", [
    "count",
    "ms",
  ]),
  now("wake-ups-off", [26], "No wake-up is sent any more."),
  now("wake-ups-on", [26], "Wake-ups are sent again."),
  now("lose-runs", [13], "What is claimed or started (`run_id`: that run) is called lost now."),
];
