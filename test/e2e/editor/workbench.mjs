import { readFileSync } from "node:fs";

// What a person does in the workbench, and what they see there.

/** Long enough for an extension host that starts on a busy machine. */
const patienceMs = 30_000;

export function workbench(page) {
  const input = page.locator(".quick-input-widget input").first();
  const row = (text) =>
    page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
  const editor = page.locator(".editor-group-container.active .monaco-editor").first();

  const accept = async (text, wanted) => {
    await input.waitFor({ timeout: patienceMs });
    await input.fill(text);
    // A click takes the row that was meant; Enter takes whatever is first at that moment.
    if (wanted === undefined) await page.keyboard.press("Enter");
    else await row(wanted).click({ timeout: patienceMs });
    await input.waitFor({ state: "hidden" });
  };
  const seen = (locator, state = "visible") =>
    locator.first().waitFor({ state, timeout: patienceMs });

  const until = async (condition, otherwise) => {
    const end = Date.now() + patienceMs;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(otherwise());
      await page.waitForTimeout(50);
    }
  };
  const text = async () => {
    const lines = await editor.locator(".view-line").evaluateAll((all) =>
      all
        .map((line) => ({ top: Number.parseFloat(line.style.top), text: line.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll("\u00a0", " ")),
    );
    return lines.join("\n");
  };

  return {
    page,
    editor,
    seen,
    /** Opens a file of the workspace by its name. */
    open: async (name) => {
      await page.keyboard.press("Control+P");
      await accept(name, name);
      await seen(page.locator(".tab.active", { hasText: name.split("/").at(-1) }));
      await seen(editor.locator(".view-line"));
    },
    /** Runs a command of the palette by its title. */
    command: async (title) => {
      await page.keyboard.press("F1");
      await accept(`>${title}`, title);
    },
    /** Puts the cursor somewhere. Line and column from 1. */
    cursor: async (line, column) => {
      await page.keyboard.press("Control+G");
      await accept(`:${line}:${column}`);
      await editor.locator(".native-edit-context, textarea.inputarea").first().focus();
    },
    /** The same for a command that goes on to ask something. */
    commandThatAsks: async (title) => {
      await page.keyboard.press("F1");
      await input.waitFor({ timeout: patienceMs });
      await input.fill(`>${title}`);
      await row(title).waitFor({ timeout: patienceMs });
      await page.keyboard.press("Enter");
    },
    /** Waits until the active editor's lines, spaces as they are, satisfy a condition. */
    textMatches: async (wanted) => {
      let shown = "";
      await until(
        async () => {
          shown = await text();
          return wanted.test(shown);
        },
        () => `The editor still shows ${JSON.stringify(shown)}.`,
      );
    },
    /** Waits until the drawn text satisfies a condition. */
    textIs: async (wanted) => {
      const shown = editor.locator(".view-lines", { hasText: wanted });
      await seen(shown);
    },
    /** Waits until a file on disk satisfies a condition. */
    fileIs: (path, wanted) =>
      until(
        async () => wanted.test(readFileSync(path, "utf8")),
        () => `${path} still holds ${readFileSync(path, "utf8")}`,
      ),
    /** Waits for an element in a web view, of which several may be open. */
    framed: (selector, hasText) =>
      until(
        async () => {
          const counts = page
            .frames()
            // A frame may go away while it is looked at.
            .map((frame) =>
              frame
                .locator(selector, { hasText })
                .count()
                .catch(() => 0),
            );
          return (await Promise.all(counts)).some((count) => count > 0);
        },
        () => `No web view shows ${hasText}.`,
      ),
    /** The messages of the Problems view, once the view shows one with this text. */
    problem: async (text) => {
      await seen(page.locator(".markers-panel .monaco-list-row", { hasText: text }));
    },
    noProblem: async (text) => {
      const found = page.locator(".markers-panel .monaco-list-row", { hasText: text });
      await found.first().waitFor({ state: "detached", timeout: patienceMs });
    },
  };
}
