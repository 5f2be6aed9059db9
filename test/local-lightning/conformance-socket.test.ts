import { lightningConformance } from "./conformance.ts";
import { socketLightning } from "./socket-lightning.ts";

lightningConformance(socketLightning);
