import { API_VERSION, SERIALIZER_VERSION } from "../protocol/index.ts";

/** The address of the socket, token included: never logged. Source: lightning-protocol 1.1. */
export function socketUrl(lightning: string, token: string, version: string): string {
  const url = new URL(`${lightning.replace(/\/+$/, "")}/websocket`);
  url.searchParams.set("token", token);
  url.searchParams.set("api_version", API_VERSION);
  url.searchParams.set("worker_version", version);
  url.searchParams.set("vsn", SERIALIZER_VERSION);
  return url.href;
}
