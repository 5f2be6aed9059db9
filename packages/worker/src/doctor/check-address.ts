import { bad, type Check, good, warning } from "./check.ts";

/** Whether a socket can be opened at this address at all, and whether one should. */
export function checkAddress(lightning: string): Check {
  if (!URL.canParse(lightning)) {
    return bad(
      "address",
      `${lightning} is no address: write ws://HOST:PORT/worker or wss://HOST/worker`,
    );
  }
  const { protocol, pathname, hostname } = new URL(lightning);
  if (protocol !== "ws:" && protocol !== "wss:") {
    return bad("address", `${protocol}// is no worker socket: write ws:// or wss://`);
  }
  if (!pathname.replace(/\/+$/, "").endsWith("/worker")) {
    return warning("address", `${pathname} is not /worker, where Lightning listens for workers`);
  }
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (protocol === "ws:" && !isLocal) {
    return warning(
      "address",
      "ws:// sends the worker's token in clear text: use wss:// between hosts",
    );
  }
  return good("address", protocol === "wss:" ? "over TLS" : "on this machine");
}
