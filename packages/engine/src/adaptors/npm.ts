import { spawn } from "node:child_process";

export interface NpmOptions {
  readonly cwd: string;
  readonly registry: string | undefined;
  readonly timeoutMs: number;
  /** Ends npm at once. */
  readonly signal?: AbortSignal;
}

export type NpmResult =
  | { readonly ok: true; readonly stdout: string }
  | { readonly ok: false; readonly problem: string };

const maxOutputCharacters = 65_536;

/** What npm needs of the environment. The worker's secrets are no business of a package manager. */
const inherited =
  /^(PATH|HOME|TMPDIR|TZ|LANG|NODE_EXTRA_CA_CERTS|(https?|no)_proxy|npm_config_.+|XDG_.+)$/i;

/**
 * Runs npm with a list of arguments, never through a shell. It is ended, with its children, at
 * the timeout. A registry that refuses is asked once more, not for minutes.
 */
export function runNpm(args: readonly string[], options: NpmOptions): Promise<NpmResult> {
  const { cwd, registry, timeoutMs, signal } = options;
  const all = [
    ...args,
    "--loglevel=error",
    "--fetch-retries=1",
    "--fetch-retry-mintimeout=500",
    "--fetch-retry-maxtimeout=2000",
    ...(registry === undefined ? [] : [`--registry=${registry}`]),
  ];
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => inherited.test(name)),
  );
  return new Promise((resolve) => {
    const npm = spawn("npm", all, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    let stopped: string | undefined;
    const stop = (problem: string) => (): void => {
      stopped ??= problem;
      if (npm.pid !== undefined) process.kill(-npm.pid, "SIGKILL");
    };
    npm.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(0, maxOutputCharacters);
    });
    npm.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-maxOutputCharacters);
    });
    const timer = setTimeout(stop(`npm took longer than ${timeoutMs} ms`), timeoutMs);
    const abort = stop("npm was ended with the engine");
    signal?.addEventListener("abort", abort);
    const settle = (result: NpmResult): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      resolve(result);
    };
    npm.once("error", (error) =>
      settle({ ok: false, problem: `npm could not be started: ${error.message}` }),
    );
    npm.once("close", (code, signal) => {
      if (code === 0) settle({ ok: true, stdout });
      else settle({ ok: false, problem: stopped ?? problemIn(stderr, signal) });
    });
  });
}

/** The lines that say why, without those about where npm keeps its log. */
function problemIn(stderr: string, signal: string | null): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim())
    .filter((line) => line !== "" && !/complete log of this run|^A complete log/.test(line));
  const mute = signal === null ? "npm failed and said nothing" : `npm was ended by ${signal}`;
  return lines.slice(0, 4).join(" ") || mute;
}
