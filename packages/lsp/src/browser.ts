/// <reference lib="webworker" />
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from "vscode-languageserver/browser";
import { createGate } from "./gate.ts";
import { serve } from "./server.ts";
import { version } from "./version.ts";

const worker = self as unknown as DedicatedWorkerGlobalScope;
const gate = createGate();

serve(
  createConnection(
    ProposedFeatures.all,
    new BrowserMessageReader(worker),
    new BrowserMessageWriter(worker),
    { messageStrategy: gate.strategy },
  ),
  {
    files: undefined,
    defer: (work) => setTimeout(work, 0),
    version,
    gate,
  },
);
