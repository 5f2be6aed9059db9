export { type FaultRow, faultTable } from "./faults/fault-table.ts";
export {
  type LocalLightning,
  type LocalLightningOptions,
  startLocalLightning,
} from "./local-lightning.ts";
export type { News } from "./news.ts";
