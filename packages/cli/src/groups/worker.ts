import { doctor } from "../commands/doctor.ts";
import { status } from "../commands/status.ts";
import { worker } from "../commands/worker.ts";
import type { Command } from "../io.ts";

export const commands: Readonly<Record<string, Command>> = { worker, status, doctor };
