import type { Connection } from "vscode-languageserver";
import { capabilities } from "./capabilities.ts";
import type { Files } from "./files.ts";
import type { Gate } from "./gate.ts";
import { traitsOf } from "./traits.ts";

/** What an entry gives to the server. */
export interface Surroundings {
  /** The files of this machine; undefined in a browser. */
  readonly files: Files | undefined;
  /** Calls back once the messages that have already arrived are read. */
  readonly defer: (work: () => void) => void;
  readonly version: string;
  /** That of the connection. */
  readonly gate: Gate;
}

/**
 * Answers one client until it says `exit`. Request, service, reply: what is true is decided
 * elsewhere. The service and its parsers are loaded when the client has read the first reply
 * and says `initialized`: the editor starts sooner. What it sends meanwhile waits.
 */
export function serve(connection: Connection, surroundings: Surroundings): void {
  connection.onInitialize((params) => {
    const traits = traitsOf(params);
    connection.onInitialized(() =>
      surroundings.gate.during(async () => {
        const { startSession } = await import("./session.ts");
        startSession(connection, params, traits, surroundings);
      }),
    );
    return {
      capabilities: capabilities(traits),
      serverInfo: { name: "workloops-language-server", version: surroundings.version },
    };
  });
  connection.listen();
}
