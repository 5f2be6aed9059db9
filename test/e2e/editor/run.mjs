// `node test/e2e/editor/run.mjs [GROUP…]`: every test that drives a real editor. Installs what
// it needs, prints names as they run, writes reports/editor-e2e.xml, keeps pictures under
// reports/editor/.
import { join } from "node:path";
import { install as installProject, run as runCommand } from "../../../scripts/setup.mjs";
import { install, root } from "./install.mjs";
import { suite } from "./suite.mjs";
import { emacs, neovim } from "./terminal-editors.mjs";

const wanted = process.argv.slice(2);
const asked = (group) => wanted.length === 0 || wanted.includes(group);

installProject();
install();
runCommand("npm", ["run", "--silent", "package", "-w", "packages/vscode"], {
  stdio: ["ignore", "ignore", "inherit"],
});
const tests = suite(join(root, "reports", "editor-e2e.xml"));
if (asked("neovim")) await neovim(tests);
if (asked("emacs")) await emacs(tests);
if (["desktop", "roots", "untrusted", "web"].some(asked)) {
  // Loaded now: they need what was just installed.
  const { desktop, roots, untrusted, web } = await import("./scenarios.mjs");
  const { prepareExtensions } = await import("./code-server.mjs");
  const prepared = prepareExtensions();
  try {
    if (asked("desktop")) await desktop(tests, prepared.extensions);
    if (asked("roots")) await roots(tests, prepared.extensions);
    if (asked("untrusted")) await untrusted(tests, prepared.extensions);
    if (asked("web")) await web(tests, prepared.extensions);
  } finally {
    prepared.remove();
  }
}
process.exit(tests.end() === 0 ? 0 : 1);
