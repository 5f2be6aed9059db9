import { compose } from "./compose.ts";
import { dotenv } from "./dotenv.ts";
import type { Host } from "./host.ts";
import { workloopsFile } from "./workloops-file.ts";

/** The hosts, in the order in which they are asked: the first that claims a file reads it. */
export const hosts: readonly Host[] = [workloopsFile, dotenv, compose];
