import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { AdaptorPlaces } from "../messages.ts";
import { childEnvironment, childFlags } from "./child-flags.ts";
import { type Child, spawnChild } from "./child-process.ts";
import { memoryGroups } from "./memory-groups.ts";
import { mayLowerOthers } from "./priority.ts";
import { removeStaleFolders, runFolders } from "./run-folders.ts";
import { runUids } from "./run-uids.ts";

/** Starts child processes, each with a user, a folder and a memory group of its own. */
export interface Spawner {
  spawn(memoryLimitMb: number): Child;
  /** Keeps data for children until this is closed, and gives the file that they can read. */
  keepCode(bytes: Buffer): string;
  /** True where the users of runs can read the installed packages. */
  readonly mayRead: boolean;
  /** What this machine does not let us isolate, one sentence each. */
  readonly notices: readonly string[];
  /** Ends every child that still lives, and removes what they had. */
  close(): Promise<void>;
}

export function createSpawner(childPath: string, places: AdaptorPlaces): Spawner {
  removeStaleFolders();
  const folders = runFolders();
  const uids = runUids();
  const createGroup = memoryGroups();
  const readable = [
    places.repoDir,
    ...(places.monorepoDir === undefined ? [] : [places.monorepoDir]),
  ];
  const living = new Map<Child, Promise<void>>();
  const closed = process.getuid?.() === 0 ? readable.filter(isClosedToOthers) : [];
  const mayRead = closed.length === 0;
  return {
    mayRead,
    keepCode: folders.keep,
    spawn(memoryLimitMb) {
      const uid = uids.take();
      const folder = folders.create(uid);
      const flags = childFlags({
        childPath,
        readable: [...readable, folders.kept],
        folder,
        memoryLimitMb,
      });
      const environment = childEnvironment(process.env, folder);
      const user = uid === undefined ? { mayRead } : { uid, mayRead };
      const child = spawnChild({ flags, environment, folder, user, memoryLimitMb, createGroup });
      const gone = child.exited.then(async () => {
        uids.free(uid);
        await folders.remove(folder);
        living.delete(child);
      });
      living.set(child, gone);
      return child;
    },
    notices: notices(createGroup !== undefined, closed),
    async close() {
      for (const child of living.keys()) child.kill();
      await Promise.all(living.values());
      folders.removeAll();
    },
  };
}

function notices(hasGroups: boolean, closed: readonly string[]): string[] {
  const said: string[] = [];
  if (process.getuid?.() !== 0) {
    said.push(
      "Runs share the user of this process: a job that escapes its sandbox can signal this process and other runs. Started as root, each run gets a user of its own.",
    );
  }
  for (const path of closed) {
    said.push(
      `${path} cannot be entered by other users: an adaptor that cannot be packed is loaded as root, before its run becomes a user of its own, and one that loads a file later fails there. Open the folder to others (\`chmod o+rx\`, and above it \`o+x\`).`,
    );
  }
  if (process.getuid?.() === 0 && !mayLowerOthers(ownStatus())) {
    said.push(
      "This process is root without the capability SYS_NICE: a run that computes without end has as much of the processor as any other. Add the capability, or start as another user.",
    );
  }
  if (!hasGroups) {
    said.push(
      "No memory control group can be made here: the memory of runs is watched ten times a second, and not limited by the kernel.",
    );
  }
  return said;
}

function ownStatus(): string {
  const file = "/proc/self/status";
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** True where the folder, or one above it, lets only its owner and group in. */
function isClosedToOthers(path: string): boolean {
  const open = (statSync(path).mode & 0o005) === 0o005;
  for (let at = dirname(path); open; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return true;
    if (at === dirname(at)) return false;
  }
  return true;
}
