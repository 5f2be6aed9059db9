import type { RunError } from "@workloops/engine";
import { readBytes, runEvent, runTopic, sayRefusal } from "../../protocol/index.ts";
import { ask } from "../channel.ts";
import { setRun, type Turn } from "../turn.ts";
import type { Loaded, Loading, RunState } from "./run-state.ts";

const MAX_ASKED = 3;

/** Asks for everything that has not come yet: all at once, each credential once. */
export function askForContent(turn: Turn, run: RunState, loading: Loading): void {
  const topic = runTopic(run.id);
  const { messageTimeoutMs } = turn.state.settings;
  const asked = loading.asked + 1;
  const next = asked > 1 ? withoutHope(loading, asked) : loading;
  setRun(turn, { ...run, phase: { ...next, asked } });
  const { dataclipId, keepsDataclips } = next.plan;
  if (next.input === undefined) {
    // Asked for once, it is gone: a later process must not execute the run without it.
    if (!keepsDataclips) {
      turn.effects.push({ type: "journal", entry: { type: "started", run: run.id }, reply: false });
    }
    const purpose = { type: "dataclip", run: run.id } as const;
    ask(turn, topic, runEvent.fetchDataclip, { id: dataclipId }, purpose, messageTimeoutMs);
  }
  for (const [credential, loaded] of next.credentials) {
    if (loaded !== undefined) continue;
    const purpose = { type: "credential", run: run.id, credential } as const;
    ask(turn, topic, runEvent.fetchCredential, { id: credential }, purpose, messageTimeoutMs);
  }
}

/**
 * What must not be asked for again. Where the project keeps no dataclips, the server wipes the
 * input when it is first fetched and answers `null` from then on: a run on that would be a run
 * on wrong data. Source: lightning-protocol 4.5.
 */
function withoutHope(loading: Loading, asked: number): Loading {
  const tooOften = asked > MAX_ASKED;
  const wiped = !loading.plan.keepsDataclips;
  const none = { ok: false, problem: "Lightning did not answer in time" } as const;
  return {
    ...loading,
    input: loading.input === undefined && (wiped || tooOften) ? none : loading.input,
    credentials: tooOften
      ? new Map([...loading.credentials].map(([id, loaded]) => [id, loaded ?? none]))
      : loading.credentials,
  };
}

export function onDataclipReply(turn: Turn, run: RunState, ok: boolean, response: unknown): void {
  if (run.phase.type !== "loading") return;
  const input = ok ? readInput(response) : { ok: false as const, problem: sayRefusal(response) };
  setRun(turn, { ...run, phase: { ...run.phase, input } });
}

export function onCredentialReply(
  turn: Turn,
  run: RunState,
  id: string,
  ok: boolean,
  response: unknown,
): void {
  if (run.phase.type !== "loading") return;
  const loaded: Loaded<unknown> = ok
    ? { ok: true, value: response }
    : { ok: false, problem: sayRefusal(response) };
  const credentials = new Map(run.phase.credentials).set(id, loaded);
  setRun(turn, { ...run, phase: { ...run.phase, credentials } });
}

function readInput(response: unknown): Loaded<string> {
  const bytes = readBytes(response, "dataclip");
  if (!bytes.ok) return bytes;
  try {
    return { ok: true, value: new TextDecoder("utf-8", { fatal: true }).decode(bytes.value) };
  } catch {
    return { ok: false, problem: "dataclip: not UTF-8" };
  }
}

export type Finished =
  | {
      readonly ok: true;
      readonly input: string;
      readonly credentials: ReadonlyMap<string, unknown>;
    }
  | { readonly ok: false; readonly error: RunError };

/** The content, or why the run cannot start; `undefined` while something is still to come. */
export function finishLoading({ input, credentials }: Loading): Finished | undefined {
  if (input === undefined) return undefined;
  const problems: string[] = [];
  const values = new Map<string, unknown>();
  for (const [id, loaded] of credentials) {
    if (loaded === undefined) return undefined;
    if (loaded.ok) values.set(id, loaded.value);
    else problems.push(`Failed to load credential ${id}: ${loaded.problem}`);
  }
  if (!input.ok) return failed("DataClipError", `Failed to load the dataclip: ${input.problem}`);
  if (problems.length > 0) return failed("CredentialLoadError", problems.join("\n"));
  return { ok: true, input: input.value, credentials: values };
}

function failed(type: string, message: string): Finished {
  return { ok: false, error: { reason: "exception", type, message } };
}
