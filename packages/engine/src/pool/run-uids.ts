/**
 * User ids for runs: numbers that no system hands out by itself (ordinary users end below
 * 30,000 on the systems we know, dynamic ones of systemd start at 61,184), and that every user
 * namespace of 65,536 ids has.
 */
const firstUid = 40_000;
const uidCount = 10_000;

/** One user for each child, so that runs cannot signal or read each other. */
export interface RunUids {
  /** `undefined` where this process may not change users: all runs then share its own. */
  take(): number | undefined;
  free(uid: number | undefined): void;
}

export function runUids(isRoot = process.getuid?.() === 0): RunUids {
  const used = new Set<number>();
  // Where to look next; ids are reused as late as possible.
  let next = process.pid % uidCount;
  return {
    take() {
      if (!isRoot) return undefined;
      for (let tried = 0; tried < uidCount; tried += 1) {
        const uid = firstUid + next;
        next = (next + 1) % uidCount;
        if (used.has(uid)) continue;
        used.add(uid);
        return uid;
      }
      throw new Error(`All ${uidCount} user ids for runs are in use.`);
    },
    free: (uid) => void (uid !== undefined && used.delete(uid)),
  };
}
