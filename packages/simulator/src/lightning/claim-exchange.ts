import {
  claimRuns,
  type RunRecord,
  releaseRuns,
  runTokenClaims,
} from "@workloops/local-lightning/run-ledger";
import { type Frame, phoenix, queueEvent, readClaim } from "@workloops/worker/protocol";
import type { RowNumber } from "../world/matrix.ts";
import type { Connection } from "../world/network.ts";
import { TOKEN_GRACE_SECONDS } from "../world/patience.ts";
import {
  answer,
  endChannel,
  type Given,
  pushWakeUp,
  replyFrame,
  type Server,
  type ServerChannel,
} from "./server.ts";

/** Answers `claim`, in one of the ways that the matrix knows. */
export function onClaim(
  server: Server,
  connection: Connection,
  channel: ServerChannel,
  frame: Frame,
): void {
  const { chance } = server;
  const strikes = aim(server, frame);
  if (frame.event !== queueEvent.claim) {
    endChannel(server, connection, channel, phoenix.error);
    return;
  }
  if (strikes(4, `claim ${frame.ref} is refused`)) {
    const reply = chance.happens(0.8)
      ? ({ kind: "error", response: { queue: ["is not available"] } } as const)
      : ({ kind: "ok", response: { nothing: "of use" } } as const);
    if (strikes(18, `SIGTERM while claim ${frame.ref} is open`, 0.5)) server.terminate();
    answer(server, connection, channel, replyFrame(frame, reply));
    return;
  }
  if (isDeaf(server, frame) || strikes(1, `claim ${frame.ref} never arrives`, 0.3)) return;
  if (strikes(6, `the socket drops before claim ${frame.ref} is done`, 0.3)) {
    connection.cut("reset by peer");
    return;
  }
  const surplus = strikes(5, `more runs for claim ${frame.ref}`) ? 1 + chance.below(12) : 0;
  const { reply, granted } = grant(server, connection, frame, surplus);
  deliver(server, connection, channel, frame, reply, granted);
}

/** So long a server may answer no claim of a lane: a worker that remembered each would remember many. */
const DEAF_MS = 60_000;

function isDeaf(server: Server, frame: Frame): boolean {
  const { agenda, deafUntil, faults } = server;
  const chain = chainOf(frame) ?? "";
  if (!faults.isArmed(1)) return false;
  if (aim(server, frame)(1, `no claim of ${chain} is answered for a while`, 0.02)) {
    deafUntil.set(chain, agenda.now() + DEAF_MS);
  }
  return agenda.now() < (deafUntil.get(chain) ?? 0);
}

/** Faults at a claim strike the lane that claims. */
function aim({ faults }: Server, frame: Frame) {
  const chain = chainOf(frame);
  return (row: RowNumber, detail: string, scale = 1): boolean =>
    faults.strikes(row, detail, scale, chain);
}

function chainOf({ payload }: Frame): string | undefined {
  const read = readClaim(payload);
  return read.ok ? read.value.queues.join(">") : undefined;
}

function grant(
  server: Server,
  connection: Connection,
  frame: Frame,
  surplus: number,
): { readonly reply: Frame; readonly granted: readonly RunRecord[] } {
  const { ledger, chance } = server;
  const strikes = aim(server, frame);
  const { reply, granted } = claimRuns(
    ledger,
    connection.workerId,
    frame.payload,
    server.moment(),
    {
      mint: (run) => mint(server, run),
      surplus,
    },
  );
  if (reply.kind === "crash") throw new Error(`a claim crashes the channel: ${reply.why}`);
  const runs = granted.map((run) => run.id);
  if (runs.length > 0) {
    server.tell({ type: "granted", chain: granted[0]?.chain ?? "", runs });
  }
  const response = replyFrame(frame, reply);
  const to = `${connection.workerId} ${chainOf(frame)}`;
  const again = strikes(3, `claim ${frame.ref} is given what was given before`, 0.5)
    ? server.given.filter((given) => given.to === to).map(({ run }) => run)
    : [];
  const list = [...remember(server, to, response), ...again];
  if (list.length === 0 || !strikes(28, "a bad run among good ones", 1.8)) {
    return { reply: withRuns(response, list), granted };
  }
  const bad = chance.pick([null, 7, {}, { id: "" }, { id: "../x", token: "t" }, { id: "r" }, []]);
  const mixed = list.toSpliced(chance.below(list.length + 1), 0, bad);
  return { reply: withRuns(response, mixed), granted };
}

function withRuns(frame: Frame, runs: readonly unknown[]): Frame {
  return { ...frame, payload: { status: "ok", response: { runs } } };
}

const GIVEN = 5;

/** Keeps what this reply gives, for a while, and returns it. */
function remember(server: Server, to: string, { payload }: Frame): readonly unknown[] {
  const { runs } = (payload as { response: { runs: Given["run"][] } }).response;
  const given = runs.map((run) => ({ to, run }));
  server.given = [...server.given, ...given].slice(-GIVEN);
  return runs;
}

/** How a token ends that the server takes, and whose signature the worker does not know. */
export const FOREIGN = "-foreign";

function mint(server: Server, run: RunRecord): string {
  const { ledger, faults, chance, tokens } = server;
  const full = runTokenClaims(ledger, run, server.moment());
  const life = Math.ceil(run.timeoutMs / 1000) + TOKEN_GRACE_SECONDS;
  const claims = server.scenario.shortTokens ? { ...full, exp: full.nbf + life } : full;
  const token = `token-${tokens.size}`;
  if (!faults.strikes(16, `a bad token for ${run.id}`, 1, run.chain)) {
    tokens.set(token, claims);
    return token;
  }
  switch (chance.below(4)) {
    case 3:
      tokens.set(`${token}${FOREIGN}`, claims);
      return `${token}${FOREIGN}`;
    case 0: {
      const id = server.moment().newId();
      tokens.set(token, { ...claims, id, sub: `run:${id}` });
      return token;
    }
    case 1:
      tokens.set(token, { ...claims, nbf: claims.nbf - 7_200, exp: claims.nbf - 3_600 });
      return token;
    default:
      return "no.token";
  }
}

/** Brings the answer on its way, or does not. */
function deliver(
  server: Server,
  connection: Connection,
  channel: ServerChannel,
  frame: Frame,
  reply: Frame,
  granted: readonly RunRecord[],
): void {
  const { chance, agenda, scenario, tell } = server;
  const strikes = aim(server, frame);
  const { claimTimeoutMs } = scenario.timing;
  const send = (): void => answer(server, connection, channel, reply);
  if (strikes(1, `the reply to claim ${frame.ref} is lost`, 0.7)) {
    tell({ type: "vanished", socket: connection.socket, frame: reply });
    return;
  }
  if (strikes(6, `the socket drops after claim ${frame.ref} is done`, 0.3)) {
    connection.cut("reset by peer");
    if (scenario.rollback) {
      releaseRuns(server.ledger, granted);
      server.given = [];
      tell({ type: "released", runs: granted.map((run) => run.id) });
    } else tell({ type: "vanished", socket: connection.socket, frame: reply });
    return;
  }
  if (strikes(2, `the reply to claim ${frame.ref} is late`)) {
    agenda.after(claimTimeoutMs * chance.between(1.01, 2), send);
    return;
  }
  if (strikes(18, `SIGTERM while claim ${frame.ref} is open`, 0.5)) {
    server.terminate();
    agenda.after(chance.between(0, scenario.drainMs), send);
    return;
  }
  send();
  if (strikes(3, `the reply to claim ${frame.ref} comes twice`)) {
    if (chance.happens(0.5)) send();
    else agenda.after(chance.between(0, 3_000), send);
  }
  if (strikes(27, `a wake-up right behind claim ${frame.ref}`)) {
    pushWakeUp(server, connection, channel.topic);
  }
}
