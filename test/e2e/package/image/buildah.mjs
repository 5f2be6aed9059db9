// Images without a daemon: buildah in a store of its own, and a base of Debian with Node, made
// here because none can be pulled.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** Runs a command to its end and gives what it printed on standard output. */
export function must(command, args, { quiet = false } = {}) {
  const stdio = ["ignore", "pipe", quiet ? "pipe" : "inherit"];
  const result = spawnSync(command, args, { stdio, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (result.status === 0) return result.stdout;
  throw new Error(
    `${command} ${args.join(" ")} ended with ${result.status ?? result.error?.message}\n${result.stdout ?? ""}${result.stderr ?? ""}`,
  );
}

export function installTools() {
  const missing = ["buildah", "newuidmap", "debootstrap"].filter(
    (tool) => spawnSync("which", [tool]).status !== 0,
  );
  if (missing.length === 0) return;
  must("apt-get", ["update", "-qq"], { quiet: true });
  const packages = ["buildah", "uidmap", "debootstrap", "ca-certificates"];
  must("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
    quiet: true,
  });
}

/** The arguments of buildah that keep all of its state in one folder. */
export function store(folder) {
  return [
    "--storage-driver",
    "vfs",
    "--root",
    join(folder, "store"),
    "--runroot",
    join(folder, "run"),
  ];
}

/** Where this machine gets its Debian packages. */
function mirror() {
  const format = ["--format", "$(SITE) $(RELEASE)", "Created-By: Packages"];
  const lines = must("apt-get", ["indextargets", ...format], { quiet: true })
    .trim()
    .split("\n");
  const [site, release] = lines.find((line) => /^\S+ [a-z]+$/.test(line))?.split(" ") ?? [];
  if (release === undefined) throw new Error(`apt names no plain release:\n${lines.join("\n")}`);
  return { site, release };
}

/** Debian's smallest system with this machine's Node, and npm set up as it is here. */
export function makeBase(folder, image) {
  const { site, release } = mirror();
  const system = join(folder, "system");
  must("debootstrap", ["--variant=minbase", "--include=ca-certificates", release, system, site], {
    quiet: true,
  });
  const inside = (path) => join(system, path);
  copyFileSync(realpathSync(process.execPath), inside("usr/bin/node"));
  chmodSync(inside("usr/bin/node"), 0o755);
  const npm = dirname(dirname(realpathSync(must("which", ["npm"]).trim())));
  cpSync(npm, inside("usr/lib/node_modules/npm"), { recursive: true });
  symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", inside("usr/bin/npm"));
  const certificates = "etc/ssl/certs/ca-certificates.crt";
  copyFileSync(join("/", certificates), inside(certificates));
  const registry = must("npm", ["config", "get", "registry"], { quiet: true }).trim();
  mkdirSync(inside("usr/etc"), { recursive: true });
  writeFileSync(inside("usr/etc/npmrc"), `registry=${registry}\ncafile=/${certificates}\n`);
  const from = must("buildah", [...store(folder), "from", "scratch"]).trim();
  must("buildah", [...store(folder), "add", "--quiet", from, system, "/"]);
  must("buildah", [...store(folder), "config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", from]);
  must("buildah", [...store(folder), "commit", "--quiet", from, image]);
  must("buildah", [...store(folder), "rm", from]);
}
