/// <reference lib="webworker" />
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from "vscode-languageserver/browser";
import { serve } from "./server.ts";
import { version } from "./version.ts";

const worker = self as unknown as DedicatedWorkerGlobalScope;

serve(
  createConnection(
    ProposedFeatures.all,
    new BrowserMessageReader(worker),
    new BrowserMessageWriter(worker),
  ),
  {
    files: undefined,
    defer: (work) => setTimeout(work, 0),
    version,
  },
);
