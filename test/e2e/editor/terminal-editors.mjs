// Neovim and Emacs, each with exactly the file that docs/editors.md tells people to write.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./install.mjs";

const broken = `services:
  worker:
    environment:
      WORKER_WORKLOOPS: "fast_lane:1 manual>*4"
`;
const mended = broken.replace("manual>*4", "manual>*:4");
/** Each takes under a second on an idle machine. */
const maxMs = 30_000;

/** The fenced block of a language in docs/editors.md. */
function configuration(language) {
  const page = readFileSync(join(root, "docs", "editors.md"), "utf8");
  const found = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1];
  assert.ok(found, `docs/editors.md has no block of ${language}.`);
  return found;
}

async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "workloops-terminal-"));
  const program = join(root, "packages", "lsp", "bin", "workloops-language-server.mjs");
  symlinkSync(program, join(folder, "workloops-language-server"));
  writeFileSync(join(folder, "compose.yaml"), broken);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(folder, command, args) {
  const env = {
    ...process.env,
    HOME: folder,
    XDG_CONFIG_HOME: folder,
    PATH: [folder, process.env.PATH].join(delimiter),
  };
  const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  const timer = setTimeout(() => child.kill("SIGKILL"), maxMs);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${signal ?? code}:\n${said}`));
    });
  });
}

const seenIn = (folder) => JSON.parse(readFileSync(join(folder, "seen.json"), "utf8"));
const textIn = (folder) => readFileSync(join(folder, "compose.yaml"), "utf8");

export async function neovim({ test }) {
  await test("neovim", "opens a compose file, sees the diagnostic, applies the fix", () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, "init.lua"), configuration("lua"));
      const script = join(root, "test", "e2e", "editor", "neovim.lua");
      await run(folder, "nvim", [
        "--headless",
        "-u",
        "init.lua",
        "-c",
        `luafile ${script}`,
        "-c",
        "cquit 1",
      ]);
      const seen = seenIn(folder);
      assert.equal(seen.code, "capacity-missing");
      assert.deepEqual([seen.line, seen.column], [4, 38]);
      assert.match(seen.hover, /every retry/);
      assert.equal(seen.formatting, false, "a formatter was registered on YAML");
      assert.equal(textIn(folder), mended);
    }),
  );
}

export async function emacs({ test }) {
  await test("emacs", "eglot opens a compose file, sees the diagnostic, applies the fix", () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, "init.el"), configuration("elisp"));
      const script = join(root, "test", "e2e", "editor", "eglot.el");
      const args = ["--batch", "--eval", "(package-initialize)", "-l", "init.el", "-l", script];
      await run(folder, "emacs", args);
      const seen = seenIn(folder);
      assert.match(seen.message, /manual>\*4/);
      assert.equal(seen.underlined, "manual>*4");
      assert.equal(textIn(folder), mended);
    }),
  );
}
