/** One row of the matrix of faults: its number, its name, and what must happen. */
export interface MatrixRow {
  readonly row: number;
  readonly fault: string;
  readonly survives: string;
}

const row = (row: number, fault: string, survives: string): MatrixRow => ({ row, fault, survives });

/** What goes wrong between a worker and its server, all of which a world can do. */
export const matrix: readonly MatrixRow[] = [
  row(1, "claim reply lost", "the lane claims again; the lost grant is counted apart"),
  row(2, "claim reply late, after its timeout", "its runs are executed or ended"),
  row(3, "claim reply duplicated", "each run executes once"),
  row(4, "claim answered with an error", "only that lane backs off"),
  row(5, "more runs than demanded", "never over capacity; the rest waits or is ended"),
  row(6, "socket drops before or after the claim was sent", "the lane claims again"),
  row(7, "half-open socket", "noticed by heartbeat within two intervals"),
  row(8, "join refused or unanswered", "retried with capped, jittered backoff"),
  row(9, "the server sees two joins", "one channel of ours per topic"),
  row(10, "join reply lost", "joined again"),
  row(11, "fetch:plan refused, unanswered or unusable", "that run is reported"),
  row(12, "dataclip or credential fails", "that run ends with exception"),
  row(13, "reply to a run event lost", "resent until answered"),
  row(14, "reply to a run event late", "one in flight, in order"),
  row(15, "a run event applied twice", "no harm"),
  row(16, "token expired, malformed or of another run", "that run alone is refused"),
  row(17, "worker killed at any point", "each run ends once, none executes again"),
  row(18, "SIGTERM while a claim is open", "what it brings is finished or ended"),
  row(19, "SIGTERM twice", "the second stops at once and names what is lost"),
  row(20, "engine child killed from outside", "reported crash; the next run works"),
  row(21, "child out of heap", "reported kill, OOMError"),
  row(22, "child killed by its cgroup", "reported crash, the message says memory"),
  row(23, "child blocks its event loop", "the timeout ends it"),
  row(24, "adaptor install hangs or fails", "exception; other lanes are not delayed"),
  row(25, "clock jumps; process suspended", "no burst of timers, no double claim"),
  row(26, "storm of wake-ups, or none at all", "one claim in flight a lane; polling alone works"),
  row(27, "wake-up right behind a claim reply", "capacity holds"),
  row(28, "one bad run among good ones", "the good ones run"),
];

export type RowNumber = number;
