import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** Counts what jobs have done to the world, whatever their worker says of them. */
export interface Witness {
  readonly url: string;
  /** How often the job with this name was executed; without one, all. */
  readonly executions: (name?: string) => number;
  /** Resolves when the job with this name is being executed, with the process that does it. */
  readonly executing: (name: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function startWitness(): Promise<Witness> {
  const seen: { readonly name: string; readonly pid: number }[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const [, name = "", pid] = (request.url ?? "").split("/");
    seen.push({ name: decodeURIComponent(name), pid: Number(pid) });
    response.end();
    for (const look of [...waiting]) look();
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    executions: (name) => seen.filter((one) => name === undefined || one.name === name).length,
    executing: (name) =>
      new Promise((resolve) => {
        const look = () => {
          const found = seen.find((one) => one.name === name);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found.pid);
        };
        waiting.add(look);
        look();
      }),
    close: () => {
      server.closeAllConnections();
      return new Promise((closed) => {
        server.close(() => closed());
      });
    },
  };
}

const name = "@openfn/language-witness";
const version = "1.0.0";

/** What a job names to use the adaptor below. */
export const witnessAdaptor = `${name}@${version}`;

/** `tell` tells the witness; the others do what a job should not. */
const source = `
import { get } from "node:http";
export const tell = (url, name) => (state) =>
  new Promise((done, failed) => {
    get(url + "/" + encodeURIComponent(name) + "/" + process.pid, (answer) => {
      answer.resume();
      answer.on("end", () => done(state));
    }).on("error", failed);
  });
export const fn = (work) => work;
export const wait = (ms) => (state) => new Promise((done) => setTimeout(() => done(state), ms));
export const fail = (message) => () => { throw new Error(message); };
export const block = () => () => { for (;;); };
export const fillHeap = () => () => { const all = []; for (;;) all.push(new Array(1e5).fill(1.5)); };
export const fillMemory = (mb) => (state) => {
  state.kept = Array.from({ length: mb }, () => Buffer.alloc(1024 * 1024, 1));
  return new Promise(() => {});
};
`;

const types = `
export function tell(url: string, name: string): unknown;
export function fn(work: unknown): unknown;
export function wait(ms: number): unknown;
export function fail(message: string): unknown;
export function block(): unknown;
export function fillHeap(): unknown;
export function fillMemory(mb: number): unknown;
`;

/** A repo dir in the installer's layout with the adaptor in it, which the users of runs may enter. */
export function witnessRepo(folder: string): string {
  const repo = join(folder, "adaptors");
  const root = join(repo, "node_modules", `${name}_${version}`);
  mkdirSync(root, { recursive: true });
  const own = { name, version, type: "module", exports: "./index.js", types: "index.d.ts" };
  writeFileSync(join(root, "package.json"), JSON.stringify(own));
  writeFileSync(join(root, "index.js"), source);
  writeFileSync(join(root, "index.d.ts"), types);
  const dependencies = { [`${name}_${version}`]: `npm:${name}@${version}` };
  writeFileSync(join(repo, "package.json"), JSON.stringify({ dependencies }));
  chmodSync(folder, 0o711);
  return repo;
}
