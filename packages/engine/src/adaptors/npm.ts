import { spawn } from "node:child_process";

export interface NpmOptions {
  readonly cwd: string;
  readonly registry: string | undefined;
  readonly timeoutMs: number;
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
  const { cwd, registry, timeoutMs } = options;
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
    let late = false;
    npm.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(0, maxOutputCharacters);
    });
    npm.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-maxOutputCharacters);
    });
    const timer = setTimeout(() => {
      late = true;
      if (npm.pid !== undefined) process.kill(-npm.pid, "SIGKILL");
    }, timeoutMs);
    npm.once("error", (error) => {
      clearTimeout(timer);
      resolve({ ok: false, problem: `npm could not be started: ${error.message}` });
    });
    npm.once("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve({ ok: true, stdout });
      else if (late) resolve({ ok: false, problem: `npm took longer than ${timeoutMs} ms` });
      else resolve({ ok: false, problem: problemIn(stderr) });
    });
  });
}

/** The lines that say why, without those about where npm keeps its log. */
function problemIn(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!) ?/, "").trim())
    .filter((line) => line !== "" && !/complete log of this run|^A complete log/.test(line));
  return lines.slice(0, 4).join(" ") || "npm failed and said nothing";
}
