import type { Span } from "@workloops/parser";
import type { Edit, Value } from "./region.ts";
import { optionOfFlag, optionOfVariable, type WorkerOption } from "./worker-options.ts";

/** A place in some file of the workspace. */
export interface Place {
  readonly uri: string;
  readonly span: Span;
}

/** One thing that a process is given, by variable or by flag, and where that is written. */
export interface Given extends Place {
  readonly by: "variable" | "flag";
  /** As written: `WORKER_CAPACITY`, `--capacity`. */
  readonly name: string;
  readonly option: WorkerOption | undefined;
  /** Undefined where the value is passed through from elsewhere and cannot be known. */
  readonly value: Value | undefined;
  /** Which part of the file gives it, for people: `environment`, `env_file .env`, `command`. */
  readonly from: string;
  /** The key of a ConfigMap or Secret that holds the value, where this place only names it. */
  readonly source?: ObjectKey | undefined;
  /** Whether other processes of the file are given it by the same env file, so that it tells nothing of what this one is. */
  readonly isShared?: boolean;
  /** Takes the whole entry out of its file; undefined where that is not one plain edit. */
  readonly remove: Edit | undefined;
}

/** One entry of an object of the same cluster. */
export interface ObjectKey {
  readonly object: "config-map" | "secret";
  readonly name: string;
  readonly key: string;
}

/** A number that was read from a file, in the unit that its user names. */
export interface Quantity extends Place {
  /** Undefined where something is written that cannot be known: `{{ .Values.grace }}`. */
  readonly value: number | undefined;
  /** As written: `512m`. */
  readonly text: string;
}

/** Who reads an env file: the three take its quotes and comments in three ways. */
export type EnvDialect = "compose" | "docker" | "systemd";

/** Another file, or another object in the same files, that gives something to a process. */
export type Link =
  | {
      readonly kind: "env-file";
      readonly path: string;
      readonly span: Span;
      readonly dialect: EnvDialect;
    }
  | {
      readonly kind: "dockerfile";
      readonly path: string;
      /** The stage that becomes the image; the last one where none is named. */
      readonly stage: string | undefined;
      readonly span: Span;
    }
  /** Services of other files run beside this one; later files are laid over earlier ones. */
  | { readonly kind: "include"; readonly paths: readonly string[]; readonly span: Span }
  | {
      readonly kind: "service";
      readonly path: string | undefined;
      readonly service: string;
      readonly span: Span;
    }
  | {
      readonly kind: "object";
      readonly object: "config-map" | "secret";
      readonly name: string;
      readonly prefix: string;
      readonly span: Span;
    };

/** What runs a process decides how long it may take to stop when nothing is said. */
export type Platform = "compose" | "docker" | "kubernetes" | "ecs" | "systemd" | "none";

/** What one place takes back of what another gives to the same process. */
export interface Hidden {
  /** Names of variables. */
  readonly names: readonly string[];
  /** Every variable. */
  readonly environment: boolean;
  /** The command with its flags. */
  readonly command: boolean;
}

/** A process as one place of one file describes it. */
export interface Process extends Place {
  /** For people: `service worker`, `container worker`. */
  readonly name: string;
  readonly platform: Platform;
  readonly image: Value | undefined;
  /** Weakest first: of two of one option, the later one wins, and a flag wins over a variable. */
  readonly given: readonly Given[];
  readonly links: readonly Link[];
  /** Bytes; 0 is unlimited. */
  readonly memoryLimit: Quantity | undefined;
  /** Seconds. */
  readonly stopGrace: Quantity | undefined;
  readonly replicas: Quantity | undefined;
  /** False where a profile keeps it from being started by default. */
  readonly active: boolean;
  /** Paths inside the container that outlive it; undefined where this host has none. */
  readonly kept: readonly string[] | undefined;
  /** What it takes back of the files that it is laid over. */
  readonly hides: Hidden;
  /** Deployed together with the others of the same scope: a compose project, a namespace. */
  readonly scope: string;
}

/** The parts that most hosts leave out. */
export function process(
  known: Place & Pick<Process, "name" | "platform"> & Partial<Process>,
): Process {
  return {
    image: undefined,
    given: [],
    links: [],
    memoryLimit: undefined,
    stopGrace: undefined,
    replicas: undefined,
    active: true,
    kept: undefined,
    hides: { names: [], environment: false, command: false },
    scope: "",
    ...known,
  };
}

type Entry = Pick<Given, "uri" | "span" | "name" | "value" | "from" | "remove">;

export function variable(entry: Entry): Given {
  return { ...entry, by: "variable", option: optionOfVariable(entry.name) };
}

export function flag(entry: Entry): Given {
  return { ...entry, by: "flag", option: optionOfFlag(entry.name) };
}

const workerImage = /(?:^|\/)(?:ws-worker|workloops(?:-worker)?)(?::|@|$)/;
/** Names that only an OpenFn worker reads; other programs read `WORKER_CAPACITY` and its like. */
const ownVariables = new Set([
  "WORKER_WORKLOOPS",
  "WORKER_LIGHTNING_SERVICE_URL",
  "WORKER_LIGHTNING_PUBLIC_KEY",
]);
const ownFlags = new Set(["--workloops", "--lightning-service-url", "--lightning-public-key"]);

/** Whether a process is an OpenFn worker, by its image, its variables or its flags. */
export function isWorker(process: Pick<Process, "image" | "given">): boolean {
  if (process.image !== undefined && workerImage.test(process.image.text)) return true;
  return process.given.some(({ by, name, isShared }) =>
    by === "variable" ? ownVariables.has(name) && isShared !== true : ownFlags.has(name),
  );
}

/** Whether a process is deployed as a service, and not only started by somebody's command line. */
export function isDeployed({ platform }: Pick<Process, "platform">): boolean {
  return platform !== "none" && platform !== "docker";
}

/** Whether this is all of a process: a service without an image is laid over one that has it. */
export function isWhole({ platform, image, links }: Process): boolean {
  return (
    platform !== "compose" || image !== undefined || links.some(({ kind }) => kind === "dockerfile")
  );
}

/** The entries of one option, weakest first. */
export function givenOf(process: Pick<Process, "given">, option: WorkerOption): readonly Given[] {
  return process.given.filter((given) => given.option === option);
}

/** The entry that the worker reads: the last flag, else the last variable. */
export function winner(process: Pick<Process, "given">, option: WorkerOption): Given | undefined {
  const all = givenOf(process, option);
  return all.findLast((given) => given.by === "flag") ?? all.at(-1);
}
