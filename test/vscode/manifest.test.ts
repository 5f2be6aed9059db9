import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "@workloops/language-service";
import { describe, expect, test } from "vitest";
import { manifest } from "./tokens.ts";

const extension = join(import.meta.dirname, "../../packages/vscode");
const { contributes } = manifest;
const commands: string[] = contributes.commands.map((row: { command: string }) => row.command);

/** Buttons of the walkthrough that VS Code itself answers. */
const builtIn = ["workbench.actions.view.problems"];

describe("the manifest", () => {
  const paths: string[] = [
    manifest.icon,
    ...contributes.grammars.map((row: { path: string }) => row.path),
    ...contributes.snippets.map((row: { path: string }) => row.path),
    ...contributes.languages.map((row: { configuration: string }) => row.configuration),
    ...contributes.walkthroughs.flatMap((walk: { steps: { media: { markdown: string } }[] }) =>
      walk.steps.map((step) => step.media.markdown),
    ),
  ];
  test.each(paths)("%s is there", (path) => {
    expect(existsSync(join(extension, path))).toBe(true);
  });

  test("each command of the manifest is registered, and each registered one is in the manifest", () => {
    const source = readFileSync(join(extension, "src/session.ts"), "utf8");
    const registered = [...source.matchAll(/^ {4}"(workloops\.[a-zA-Z]+)":/gm)].map((m) => m[1]);
    expect(registered.sort()).toEqual([...commands].sort());
  });

  test("each button of the walkthrough runs a command that exists", () => {
    const steps = contributes.walkthroughs[0].steps;
    const buttons = steps.flatMap((step: { description: string }) =>
      [...step.description.matchAll(/\(command:([^)]+)\)/g)].map((m) => m[1]),
    );
    expect(buttons).toHaveLength(steps.length);
    for (const button of buttons) expect([...commands, ...builtIn]).toContain(button);
  });

  test("it starts on named events only, and never on all of VS Code", () => {
    expect(manifest.activationEvents.length).toBeGreaterThan(0);
    for (const event of manifest.activationEvents) {
      expect(event).toMatch(/^(onLanguage:[a-z]+|workspaceContains:.+)$/);
    }
  });

  test("an icon of at least 128 pixels, as the Marketplace wants it", () => {
    const png = readFileSync(join(extension, manifest.icon));
    expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(128);
    expect(png.readUInt32BE(20)).toBe(png.readUInt32BE(16));
  });

  test("the licence is the repository's", () => {
    const own = readFileSync(join(extension, "LICENSE"), "utf8");
    expect(own).toBe(readFileSync(join(extension, "../../LICENSE"), "utf8"));
  });
});

describe("settings", () => {
  const properties: Record<string, { markdownDescription?: string; description?: string }> =
    contributes.configuration.properties;
  const readme = readFileSync(join(extension, "README.md"), "utf8");

  test("each one that the service has is in the manifest", () => {
    const known: Record<keyof Required<Settings>, true> = {
      queues: true,
      severities: true,
      runMemoryMb: true,
      overheadMb: true,
      overcommit: true,
      servedElsewhere: true,
    };
    const own = Object.keys(known).map((name) => `workloops.${name}`);
    expect(Object.keys(properties).sort()).toEqual([...own, "workloops.trace.server"].sort());
  });

  test.each(Object.entries(properties))(
    "%s is documented in the readme, in the same words",
    (name, row) => {
      const description = row.markdownDescription ?? row.description ?? "";
      expect(description).not.toBe("");
      expect(readme).toContain(`- \`${name}\`: ${description}\n`);
    },
  );
});
