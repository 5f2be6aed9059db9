// What a person sees in the real editor. Each scenario leaves a picture.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
  const bench = workbench(editor.page);
  try {
    for (const [name, work] of scenarios) {
      const picture = join(pictures, `${group} ${name}.png`.replaceAll(" ", "-"));
      const shoot = () => editor.page.screenshot({ path: picture });
      await test(
        group,
        name,
        async () => {
          await work(bench, editor);
          await shoot();
          await editor.page.keyboard.press("Escape");
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

const scenariosOnDesktop = [
  ["a squiggle and its entry in Problems", seesProblem],
  [
    "a quick fix, the repair first",
    async (bench) => {
      await bench.open("compose.yaml");
      await bench.cursor(...placeOf(compose, broken, 2));
      await bench.page.keyboard.press("Control+.");
      const first = bench.page.locator(".action-widget .monaco-list-row.action").first();
      await bench.seen(first);
      await bench.page.screenshot({ path: join(pictures, "the-list-of-fixes.png") });
      await bench.page.keyboard.press("Enter");
      await bench.textIs("manual>*:4");
      await bench.noProblem("capacity-missing");
    },
  ],
  ["hover says what a queue is", hovers],
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
  ]);
}
