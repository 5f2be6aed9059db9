import WebSocket from "ws";
import type { SocketEvent, Transport, TransportSocket } from "../ports.ts";
import { decodeFrame, encodeFrame, MAX_FRAME_BYTES, withoutTokens } from "../protocol/index.ts";

/** The largest message that is read: a dataclip of the server's own limit, and room. */
const MAX_INBOUND_BYTES = 64_000_000;

/** Each is a line of the log; what is more on one socket is ignored in silence. */
const MAX_MALFORMED_TOLD = 100;

/** How long a socket that was asked to close may take before it is cut. */
const CLOSE_MS = 500;

/** Sockets of this process. @param url with its query, token included: never logged. */
export function webSocketTransport(url: string): Transport {
  return { open: (listener) => openSocket(url, listener) };
}

function openSocket(url: string, listener: (event: SocketEvent) => void): TransportSocket {
  const socket = new WebSocket(url, {
    maxPayload: MAX_INBOUND_BYTES,
    perMessageDeflate: false,
    handshakeTimeout: 30_000,
  });
  let failure: string | undefined;
  let malformed = 0;
  socket.on("open", () => listener({ type: "open" }));
  socket.on("message", (data, isBinary) => {
    const bytes = asBytes(data);
    const frame = decodeFrame(isBinary ? bytes : bytes.toString("utf8"), "server");
    if (frame.ok) listener({ type: "frame", frame: frame.value });
    else if (malformed < MAX_MALFORMED_TOLD) {
      malformed += 1;
      const last = malformed === MAX_MALFORMED_TOLD ? "; further ones are not told" : "";
      listener({ type: "malformed", problem: frame.problem + last });
    }
  });
  socket.on("unexpected-response", (request, response) => {
    failure = refusal(response.statusCode ?? 0);
    request.destroy();
    response.destroy();
    socket.terminate();
  });
  socket.on("error", (error) => {
    failure ??= sayError(error);
  });
  socket.on("close", (code, reason) => {
    const text = withoutTokens(reason.toString("utf8").slice(0, 120));
    listener({ type: "closed", reason: failure ?? `closed (${code}${text && `, ${text}`})` });
  });
  return {
    send(frame) {
      if (socket.readyState !== WebSocket.OPEN) return;
      const encoded = encodeFrame(frame, "client");
      const bytes = Buffer.byteLength(encoded);
      // Lightning would close the socket, and every other run's channel with it.
      if (bytes > MAX_FRAME_BYTES) {
        const problem = `${frame.event} has ${bytes} bytes and was not sent: Lightning takes ${MAX_FRAME_BYTES}`;
        setImmediate(() => listener({ type: "malformed", problem }));
      } else socket.send(encoded);
    },
    close() {
      socket.close(1000);
      setTimeout(() => socket.terminate(), CLOSE_MS).unref();
    },
  };
}

function asBytes(data: WebSocket.RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}

function refusal(status: number): string {
  if (status === 401 || status === 403) {
    return `Lightning refuses this worker (HTTP ${status}): is the secret the same on both sides?`;
  }
  return `Lightning answers HTTP ${status} instead of opening a socket: is the address its worker socket?`;
}

/** The address holds a token, so an error is told by its code. */
function sayError(error: Error & { readonly code?: string }): string {
  const said = error.code ?? error.name;
  return /CERT|SIGNATURE|ALTNAME/.test(said)
    ? `the certificate of the server is not trusted (${said}): NODE_EXTRA_CA_CERTS names a file with its authority`
    : said;
}
