import { createHash } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll } from "vitest";

/** A package registry on this machine, as far as npm asks one. */
export interface Registry {
  readonly url: string;
  /** What was asked for, in order. */
  readonly asked: string[];
  /** Answers a path in another way from now on. */
  answer(path: RegExp, how: (response: ServerResponse) => void): void;
  close(): Promise<void>;
}

interface Version {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Serves versions of packages; the last one of each is `latest`. Closed behind the file's tests. */
export async function loopbackRegistry(
  packages: Readonly<Record<string, readonly Version[]>>,
): Promise<Registry> {
  const asked: string[] = [];
  const others: { path: RegExp; how: (response: ServerResponse) => void }[] = [];
  let url = "";
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    asked.push(path);
    const other = others.find((entry) => entry.path.test(path));
    if (other !== undefined) return other.how(response);
    for (const [name, versions] of Object.entries(packages)) {
      if (path === `/${name}`)
        return send(response, JSON.stringify(packument(name, versions, url)));
      for (const { version, files } of versions) {
        if (path === `/${name}/-/${version}.tgz`)
          return send(response, tarball(name, version, files));
      }
    }
    response.writeHead(404).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = () => closeServer(server);
  afterAll(close);
  return { url, asked, answer: (path, how) => void others.push({ path, how }), close };
}

function send(response: ServerResponse, body: string | Buffer): void {
  response.writeHead(200, { "content-type": "application/json" }).end(body);
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function packument(name: string, versions: readonly Version[], url: string) {
  const described = versions.map(({ version, files }) => {
    const integrity = createHash("sha512")
      .update(tarball(name, version, files))
      .digest("base64");
    const dist = { tarball: `${url}${name}/-/${version}.tgz`, integrity: `sha512-${integrity}` };
    return [version, { ...JSON.parse(files["package.json"] ?? manifest(name, version)), dist }];
  });
  const latest = versions.at(-1)?.version;
  return { name, "dist-tags": { latest, next: latest }, versions: Object.fromEntries(described) };
}

function manifest(name: string, version: string): string {
  return JSON.stringify({
    name,
    version,
    type: "module",
    exports: "./index.js",
    types: "index.d.ts",
  });
}

function tarball(name: string, version: string, files: Version["files"]): Buffer {
  const all = { "package.json": manifest(name, version), ...files };
  const parts = Object.entries(all).flatMap(([path, text]) => tarEntry(`package/${path}`, text));
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

/** One file in the ustar format: a header of 512 bytes and the text, filled up. */
function tarEntry(path: string, text: string): Buffer[] {
  const body = Buffer.from(text);
  const header = Buffer.alloc(512);
  const octal = (value: number, at: number, size: number) =>
    header.write(`${value.toString(8).padStart(size - 1, "0")}\0`, at);
  header.write(path, 0);
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(body.length, 124, 12);
  octal(0, 136, 12);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\x0000", 257);
  octal(
    header.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}
