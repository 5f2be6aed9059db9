import { lightningConformance } from "./conformance.ts";
import { worldLightning } from "./world-lightning.ts";

lightningConformance(worldLightning);
