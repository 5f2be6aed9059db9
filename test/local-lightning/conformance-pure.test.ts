import { lightningConformance } from "./conformance.ts";
import { pureLightning } from "./pure-lightning.ts";

lightningConformance(pureLightning);
