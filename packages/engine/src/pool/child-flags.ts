export interface ChildFlags {
  readonly childPath: string;
  /** What may be read, with everything below. */
  readonly readable: readonly string[];
  /** The one folder that may be written. */
  readonly folder: string;
  readonly memoryLimitMb: number;
}

/**
 * The arguments of a child process. Node's permission model leaves it no other file, no process,
 * no worker thread, no native addon: a worker thread would escape the model, so that it is never
 * allowed.
 */
export function childFlags({ childPath, readable, folder, memoryLimitMb }: ChildFlags): string[] {
  const permission = process.allowedNodeEnvironmentFlags.has("--permission")
    ? "--permission"
    : "--experimental-permission";
  const below = [...readable, folder].map((path) => `--allow-fs-read=${path}/*`);
  return [
    "--no-warnings",
    "--experimental-vm-modules",
    `--max-old-space-size=${Math.max(1, Math.floor(memoryLimitMb))}`,
    permission,
    `--allow-fs-read=${childPath}`,
    ...below,
    `--allow-fs-write=${folder}/*`,
    childPath,
  ];
}

const inherited = [
  "NODE_EXTRA_CA_CERTS",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "TZ",
];

/** What a child sees of the environment: how to reach the network, the time zone, its folder. */
export function childEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  folder: string,
): Record<string, string> {
  const environment: Record<string, string> = { TMPDIR: folder };
  for (const name of inherited) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}
