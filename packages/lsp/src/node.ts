import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { createGate } from "./gate.ts";
import { nodeFiles } from "./node-files.ts";
import { serve } from "./server.ts";
import { version } from "./version.ts";

const usage = `Usage: workloops-language-server --stdio

Answers one editor over the language server protocol (3.17). Editors start it themselves.

  --stdio          talk over standard input and output
  --node-ipc       talk over the channel of a Node parent process
  --socket=PORT    connect to a port of this machine
  --version        print the version
  --help           print this
`;

function main(flags: readonly string[]): void {
  if (flags.includes("--version")) {
    process.stdout.write(`${version}\n`);
    return;
  }
  if (flags.includes("--help")) {
    process.stdout.write(usage);
    return;
  }
  if (!flags.some((flag) => /^--(?:stdio|node-ipc|socket(?:=.*)?|pipe(?:=.*)?)$/.test(flag))) {
    process.stderr.write(`Say how to talk, usually with --stdio.\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const gate = createGate();
  serve(createConnection(ProposedFeatures.all, { messageStrategy: gate.strategy }), {
    files: nodeFiles,
    defer: (work) => setImmediate(work),
    version,
    gate,
  });
}

main(process.argv.slice(2));
