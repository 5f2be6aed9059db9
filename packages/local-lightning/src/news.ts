/** What happens here that a person who watches wants to read. */
export type News =
  | {
      readonly type: "joined";
      readonly workerId: string;
      readonly capacity: number;
      /** Slots by chain. */
      readonly slots: ReadonlyMap<string, number>;
    }
  | { readonly type: "left"; readonly workerId: string }
  | {
      readonly type: "run";
      readonly id: string;
      readonly queue: string;
      readonly state: string;
      readonly workerName: string | null;
      /** How many runs wait in all queues. */
      readonly waiting: number;
    };
