// A VS Code of its own for one scenario: server, settings and browser in a folder that goes
// away at the end.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cache, root } from "./install.mjs";

const require = createRequire(join(cache, "packages", "package.json"));
const node = join(cache, "node", "node_modules", ".bin", "node");
const entry = join(cache, "packages", "node_modules", "code-server", "out", "node", "entry.js");
export const vsix = join(root, "packages", "vscode", "dist", "workloops.vsix");

// Quiet, and the same on every machine: no sign-in, no tips, nothing from the network.
const quietSettings = {
  "chat.disableAIFeatures": true,
  "editor.minimap.enabled": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "window.commandCenter": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.colorTheme": "Default Dark Modern",
};

// The folder is opened in restricted mode, without a question first.
const distrust = {
  "security.workspace.trust.enabled": true,
  "security.workspace.trust.startupPrompt": "never",
};

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Installs the packed extension once; each editor gets a copy. */
export function prepareExtensions() {
  const folder = mkdtempSync(join(tmpdir(), "workloops-extensions-"));
  const base = [
    "--user-data-dir",
    join(folder, "user"),
    "--extensions-dir",
    join(folder, "extensions"),
  ];
  writeFileSync(join(folder, "config.yaml"), "auth: none\n");
  const result = spawnSync(
    node,
    [entry, "--config", join(folder, "config.yaml"), ...base, "--install-extension", vsix],
    { encoding: "utf8" },
  );
  if (result.status !== 0)
    throw new Error(`The extension was refused: ${result.stderr}${result.stdout}`);
  return {
    folder,
    extensions: join(folder, "extensions"),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/**
 * Starts code-server and a browser. `files` are written below the workspace folder; `open` is
 * that folder or a `.code-workspace` file in it.
 */
export async function startEditor({ extensions, files, settings = {}, open = "", trusted = true }) {
  const folder = mkdtempSync(join(tmpdir(), "workloops-editor-"));
  const workspace = join(folder, "workspace");
  const user = join(folder, "user");
  cpSync(extensions, join(folder, "extensions"), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(workspace, path, ".."), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  mkdirSync(join(user, "User"), { recursive: true });
  writeFileSync(
    join(user, "User", "settings.json"),
    JSON.stringify({ ...quietSettings, ...(trusted ? {} : distrust), ...settings }, undefined, 2),
  );
  writeFileSync(join(folder, "config.yaml"), "auth: none\n");
  const port = await freePort();
  const server = spawn(
    node,
    [
      entry,
      ...["--config", join(folder, "config.yaml"), "--user-data-dir", user],
      ...["--extensions-dir", join(folder, "extensions"), "--auth", "none"],
      ...["--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check"],
      ...(trusted ? ["--disable-workspace-trust"] : []),
      "--disable-getting-started-override",
    ],
    { stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  await answering(port, server);
  const { chromium } = require("playwright-core");
  const browser = await chromium.launchPersistentContext(join(folder, "browser"), {
    executablePath: "/usr/bin/chromium",
    headless: true,
    viewport: { width: 1280, height: 760 },
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  const kind = open.endsWith(".code-workspace") ? "workspace" : "folder";
  const address = new URL(`http://127.0.0.1:${port}/`);
  address.searchParams.set(kind, join(workspace, open));
  await page.goto(address.href);
  await page.locator(".monaco-workbench").waitFor();
  return {
    page,
    workspace,
    settingsFile: join(user, "User", "settings.json"),
    close: async () => {
      await browser.close();
      const gone = new Promise((resolve) => server.once("exit", resolve));
      // Its own group: code-server has children that outlive a signal to it alone.
      process.kill(-server.pid, "SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function answering(port, server) {
  let said = "";
  const ready = new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += String(chunk);
      if (said.includes(`127.0.0.1:${port}`)) resolve();
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.once("exit", (code) => reject(new Error(`code-server ended with ${code}: ${said}`)));
  });
  await ready;
}
