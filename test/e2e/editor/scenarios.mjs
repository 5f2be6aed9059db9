// What a person sees in the real editor. Each scenario leaves a picture.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEditor } from "./code-server.mjs";
import { root } from "./install.mjs";
import { workbench } from "./workbench.mjs";

const pictures = join(root, "reports", "editor");

export const compose = `services:
  worker:
    image: openfn/ws-worker:v1.25.0
    environment:
      WORKER_LIGHTNING_SERVICE_URL: wss://lightning.example.org/worker
      WORKER_WORKLOOPS: "fast_lane:1 manual>*4"
    stop_grace_period: 6m
    volumes:
      - adaptors:/root/.openfn
    deploy:
      resources:
        limits:
          memory: 4g

volumes:
  adaptors:
`;
const files = {
  "compose.yaml": compose,
  "other.env": "WORKER_WORKLOOPS=fast_lane:1 manual>*:4\n",
  "capacity.yaml":
    "services:\n  w:\n    image: openfn/ws-worker:v1.25.0\n    environment:\n      WORKER_CAPACITY: 7\n",
  "draft.env": "WORKER_WORKLOOPS=manual,*:4\n",
  "night.workloops": "night:1 manual>*:4\n",
  "lanes.workloops": "# Lanes of the night shift\nfast_lane:1    manual>*:4\n",
};
/** The line and the column of a text in the file, from 1. */
function placeOf(text, part, shift = 0) {
  const before = text.slice(0, text.indexOf(part) + shift);
  return [before.split("\n").length, before.length - before.lastIndexOf("\n")];
}

async function withEditor({ test }, group, options, scenarios) {
  mkdirSync(pictures, { recursive: true });
  const editor = await startEditor(options);
  const shot = (name) =>
    editor.page.screenshot({
      path: join(pictures, `${group} ${name}.png`.replaceAll(/[ ,]+/g, "-")),
    });
  const bench = { ...workbench(editor.page), picture: shot };
  try {
    for (const [name, work] of scenarios) {
      const shoot = () => shot(name);
      await test(
        group,
        name,
        async () => {
          await work(bench, editor);
          await shoot();
          await editor.page.keyboard.press("Escape");
          await bench.command("View: Close All Editors");
        },
        shoot,
      );
    }
  } finally {
    await editor.close();
  }
}

const broken = "manual>*4";

const seesProblem = async (bench) => {
  await bench.open("compose.yaml");
  await bench.seen(bench.page.locator(".squiggly-error"), "attached");
  await bench.command("View: Focus Problems");
  await bench.problem("capacity-missing");
};

const hovers = async (bench) => {
  await bench.open("other.env");
  await bench.cursor(...placeOf(files["other.env"], "fast_lane", 3));
  await bench.command("Show or Focus Hover");
  await bench.seen(
    bench.page.locator(".monaco-hover", { hasText: "runs of webhooks whose caller waits" }),
  );
};

const fixes = async (bench) => {
  await bench.open("compose.yaml");
  await bench.cursor(...placeOf(compose, broken, 2));
  await bench.page.keyboard.press("Control+.");
  await bench.seen(bench.page.locator(".action-widget .monaco-list-row.action"));
  await bench.picture("the list of fixes");
  await bench.page.keyboard.press("Enter");
  await bench.textIs("manual>*:4");
  await bench.noProblem("capacity-missing");
};

const completes = async (bench) => {
  await bench.open("other.env");
  await bench.cursor(...placeOf(files["other.env"], " manual"));
  await bench.page.keyboard.type(" def");
  const item = bench.page.locator(".suggest-widget .monaco-list-row", { hasText: "default" });
  await bench.seen(item);
  await bench.picture("the list of completions");
  await bench.page.keyboard.press("Enter");
  await bench.textIs("fast_lane:1 default manual>*:4");
  // What the list offers next is what may stand behind a queue.
  await bench.page.keyboard.type(":");
  await bench.seen(bench.page.locator(".suggest-widget .monaco-list-row", { hasText: "at once" }));
  await bench.page.keyboard.press("Escape");
  await bench.page.keyboard.type("1");
  await bench.textIs("fast_lane:1 default:1 manual>*:4");
};

const renames = async (bench, { workspace }) => {
  await bench.open("compose.yaml");
  await bench.cursor(...placeOf(compose, "fast_lane", 3));
  await bench.command("Rename Symbol");
  const input = bench.page.locator(".rename-input");
  await bench.seen(input);
  await input.fill("express");
  await bench.page.keyboard.press("Enter");
  await bench.textIs("express:1");
  await bench.open("other.env");
  await bench.textIs("express:1");
  await bench.command("File: Save All");
  await bench.fileIs(join(workspace, "other.env"), /express:1/);
  await bench.fileIs(join(workspace, "compose.yaml"), /express:1/);
};

const formats = async (bench) => {
  await bench.open("lanes.workloops");
  await bench.textMatches(/:1 {4}manual>\*:4/);
  await bench.command("Format Document");
  await bench.textMatches(/^# Lanes of the night shift\n\w+:1 manual>\*:4/);
};

const reloads = async (bench, { workspace }) => {
  await bench.open("night.workloops");
  await bench.command("View: Focus Problems");
  // Not the name alone: messages about other queues list the known ones.
  await bench.problem("`night` is no known queue");
  mkdirSync(join(workspace, ".vscode"));
  writeFileSync(join(workspace, ".vscode", "settings.json"), '{ "workloops.queues": ["night"] }\n');
  await bench.noProblem("`night` is no known queue");
};

const countsSlots = async (bench) => {
  await bench.open("lanes.workloops");
  await bench.seen(bench.page.locator(".statusbar-item", { hasText: "5 slots" }));
};

const explains = async (bench) => {
  await bench.open("lanes.workloops");
  await bench.command("Workloops: Explain the Configuration at the Cursor");
  await bench.seen(bench.page.locator(".tab", { hasText: "Explanation" }));
  const page = bench.page.frameLocator("iframe.webview").frameLocator("#active-frame");
  await bench.seen(page.locator("td", { hasText: "manual" }));
};

const restarts = async (bench) => {
  await bench.open("lanes.workloops");
  await bench.command("Workloops: Restart the Language Server");
  await bench.seen(bench.page.locator(".statusbar-item", { hasText: "5 slots" }));
};

const showsOutput = async (bench) => {
  await bench.command("Workloops: Show the Output of the Language Server");
  await bench.seen(bench.page.locator(".panel .output-view, .panel [id*='output']"));
  await bench.seen(
    bench.page.locator(".panel select option:checked, .panel .monaco-select-box", {
      hasText: "Workloops",
    }),
  );
};

const walks = async (bench) => {
  await bench.commandThatAsks("Welcome: Open Walkthrough...");
  const row = bench.page.locator(".quick-input-list .monaco-list-row", {
    hasText: "A first minute with Workloops",
  });
  await bench.seen(row);
  await row.first().click();
  await bench.seen(bench.page.locator(".getting-started", { hasText: "A first minute" }));
  await bench.picture("the walkthrough");
  const button = (text) => bench.page.locator(".monaco-button", { hasText: text });
  await button("Open the sample").click();
  await bench.seen(bench.page.locator(".tab.active", { hasText: "sample.compose.yaml" }));
  await bench.seen(bench.page.locator(".squiggly-error"), "attached");
  // The other steps, with the sample still the last editor that held a configuration.
  await bench.command("View: Hide Panel");
  await bench.page.locator(".tab", { hasText: "Welcome" }).click();
  await bench.page.locator(".getting-started-step", { hasText: "See what a" }).click();
  await button("Explain").click();
  await bench.seen(bench.page.locator(".tab", { hasText: "Explanation" }));
  await bench.framed("li", "capacity-missing");
  await bench.picture("the walkthrough explains");
  await bench.page.locator(".getting-started-step", { hasText: "Fix what is wrong" }).click();
  await button("Show the problems").click();
  await bench.problem("capacity-missing");
};

const migrates = async (bench) => {
  await bench.open("capacity.yaml");
  await bench.command("Workloops: Migrate this File from the Draft Syntax and Capacity");
  await bench.textMatches(/WORKER_WORKLOOPS: ?["']?manual>\*:7/);
};

const fixesAll = async (bench, { workspace }) => {
  await bench.open("draft.env");
  await bench.command("Workloops: Fix All in the Workspace");
  await bench.textIs("manual>*:4");
  await bench.seen(bench.page.locator(".notification-toast", { hasText: "Fixed 1 file." }));
  await bench.command("File: Save All");
  await bench.fileIs(join(workspace, "draft.env"), /manual>\*:4/);
};

const showsRule = async (bench) => {
  await bench.open("night.workloops");
  await bench.command("View: Focus Problems");
  await bench.problem("queue-unknown");
  const link = bench.page.locator(".markers-panel a", { hasText: "queue-unknown" }).first();
  await link.click({ modifiers: ["Control"] });
  await bench.seen(bench.page.locator(".tab.active", { hasText: "queue-unknown.md" }));
  await bench.textIs("# queue-unknown");
};

const scenariosOnDesktop = [
  ["a squiggle and its entry in Problems", seesProblem],
  ["a quick fix, the repair first", fixes],
  ["hover says what a queue is", hovers],
  ["a rule's page behind its code", showsRule],
  ["completion offers what may stand", completes],
  ["rename across a compose file and a .env file", renames],
  ["format a .workloops file", formats],
  ["settings are read again when they change", reloads],
  ["migrate a capacity", migrates],
  ["fix all in the workspace", fixesAll],
  ["the status bar counts the slots", countsSlots],
  ["the page that explains", explains],
  ["the server is started again", restarts],
  ["the output of the server is shown", showsOutput],
  ["the walkthrough opens a sample", walks],
];

export async function desktop(suite, extensions) {
  await withEditor(suite, "desktop", { extensions, files }, scenariosOnDesktop);
}

export async function web(suite, extensions) {
  const settings = {
    "extensions.webWorker": true,
    "remote.extensionKind": { "workloops.workloops-vscode": ["web"] },
  };
  await withEditor(suite, "web extension host", { extensions, files, settings }, [
    ["a squiggle and its entry in Problems", seesProblem],
    ["hover says what a queue is", hovers],
    ["a quick fix, the repair first", fixes],
    ["completion offers what may stand", completes],
    ["rename across a compose file and a .env file", renames],
  ]);
}

export async function untrusted(suite, extensions) {
  await withEditor(suite, "restricted mode", { extensions, files, trusted: false }, [
    [
      "everything works, since nothing of the workspace is run",
      async (bench) => {
        await seesProblem(bench);
        await bench.seen(bench.page.locator(".statusbar-item", { hasText: "Restricted Mode" }));
      },
    ],
  ]);
}

const folders = {
  "one/a.env": "WORKER_WORKLOOPS=reports:1 manual>*:4\n",
  "one/.vscode/settings.json": '{ "workloops.queues": ["reports"] }\n',
  "two/b.env": "WORKER_WORKLOOPS=reports:1 manual>*:4\n",
  "both.code-workspace": JSON.stringify({ folders: [{ path: "one" }, { path: "two" }] }),
};

export async function roots(suite, extensions) {
  const options = { extensions, files: folders, open: "both.code-workspace" };
  await withEditor(suite, "two roots", options, [
    [
      "each has its own settings",
      async (bench) => {
        await bench.open("a.env");
        await bench.open("b.env");
        await bench.command("View: Focus Problems");
        await bench.problem("queue-unknown");
        const rows = bench.page.locator(".markers-panel .monaco-list-row", {
          hasText: "queue-unknown",
        });
        assert.equal(await rows.count(), 1);
        await bench.seen(
          bench.page.locator(".markers-panel .monaco-list-row", { hasText: "b.env" }),
        );
      },
    ],
    [
      "a queue is renamed in both",
      async (bench) => {
        await bench.open("a.env");
        await bench.cursor(...placeOf(folders["one/a.env"], "reports", 3));
        await bench.command("Rename Symbol");
        const input = bench.page.locator(".rename-input");
        await bench.seen(input);
        await input.fill("ledgers");
        await bench.page.keyboard.press("Enter");
        await bench.textIs("ledgers:1");
        await bench.open("b.env");
        await bench.textIs("ledgers:1");
      },
    ],
  ]);
}
