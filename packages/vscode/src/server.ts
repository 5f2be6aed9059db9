// The server as the extension brings it: one file that runs in Node and in a web worker.
// Each side starts itself when it is loaded.
if (typeof importScripts === "function") void import("@workloops/lsp/browser");
else void import("@workloops/lsp/node");
